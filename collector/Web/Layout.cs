using System.Globalization;
using Microsoft.Extensions.Options;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>What stands around every page.</summary>
sealed class Layout(IOptions<WebOptions> options, Publication publication)
{
    static readonly (string Path, string Text, bool AnalystsOnly)[] Pages =
    [
        ("/", "Overview", false), ("/matrix", "Matrix", false), ("/events", "Events", false), ("/attribution", "How the blocking is organised", false),
        ("/isps", "Providers", false), ("/coverage", "Coverage", false), ("/explore", "Explore", false), ("/dumps", "Daily files", false), ("/corrections", "Corrections", false), ("/measurements", "Measurements", true), ("/ooni", "OONI beside ours", true), ("/rollouts", "Releases", true),
    ];

    /// <param name="notes">Attributions and licences of the lists; the operator's own stand before them.</param>
    public Html Page(string title, Html content, Reader reader, IEnumerable<string> notes) => Html.Of($"""
        <!DOCTYPE html>
        <html lang="{reader.Language.Code}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{title} · ProbeNet</title>
        <link rel="stylesheet" href="/assets/site.css">
        <script src="/assets/matrix.js" defer></script>
        <script src="/assets/chart.js" defer></script>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
        <link rel="alternate" href="/api/v1/events.atom" type="application/atom+xml" title="{reader.Say("Events")}">
        </head>
        <body>
        <a class="skip" href="#content">{reader.Say("Skip to the content")}</a>
        {Banner()}
        <header>
        <a class="name" href="{reader.To("/")}">ProbeNet</a>
        <nav aria-label="{reader.Say("Pages")}">{Pages.Where(page => !page.AnalystsOnly || !reader.Caller.IsPublic).Select(page => Item(page.Path, page.Text, reader))} <a href="/openapi/v1.json">API</a></nav>
        <span class="languages">{Language.All.Select(language => Choice(language, reader))}</span>
        {SignedIn(reader)}
        </header>
        <main id="content" tabindex="-1">
        {content}
        </main>
        <footer>
        <p>{reader.Say("Results: {0}.", publication.Licence)} {Rules(reader)}</p>
        {options.Value.Attributions.Concat(notes).Where(note => note.Length > 0).Select(note => Html.Of($"<p lang=\"en\">{note}</p>\n"))}
        </footer>
        </body>
        </html>

        """);

    public static IEnumerable<string> Texts => Pages.Select(page => page.Text);

    static Html Item(string path, string text, Reader reader) => reader.Path == path
        ? Html.Of($""" <a href="{reader.To(path)}" aria-current="page">{reader.Say(text)}</a>""")
        : Html.Of($" {reader.Link(path, reader.Say(text))}");

    static Html Choice(Language language, Reader reader) => language == reader.Language
        ? Html.Of($""" <span lang="{language.Code}">{language.Name}</span>""")
        : Html.Of($""" <a href="{reader.In(language)}" hreflang="{language.Code}" lang="{language.Code}">{language.Name}</a>""");

    Html Banner() => options.Value.Banner is { Length: > 0 } banner
        ? Html.Of($"""<p class="banner" role="note">{banner}</p>""")
        : Html.Nothing;

    string Rules(Reader reader) => !reader.Caller.IsPublic ? reader.Say("You see exact figures that the public does not. What you read is logged by key and day.")
        : publication.Delay > TimeSpan.Zero
            ? reader.Say("Days in UTC, {0} hours after they end. A cell needs {1} volunteers; counts are classes (3-5, 6-10, 11+).", publication.Delay.TotalHours.ToString("0", CultureInfo.InvariantCulture), publication.MinimumUnits)
            : reader.Say("Days in UTC. A cell needs {0} volunteers; counts are classes (3-5, 6-10, 11+).", publication.MinimumUnits);

    static Html SignedIn(Reader reader) => reader.Caller.Role is { } role
        ? Html.Of($"""<form class="sign" method="post" action="/sign-out"><span>{reader.Say("Signed in: {0} key {1}", Store.ApiRoles.Word(role), reader.Caller.KeyId)}</span> <button>{reader.Say("Sign out")}</button></form>""")
        : Html.Of($"""<a class="sign" href="{reader.To("/sign-in")}">{reader.Say("For analysts: sign in")}</a>""");
}
