using Microsoft.Extensions.Options;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>What stands around every page.</summary>
sealed class Layout(IOptions<WebOptions> options, Publication publication)
{
    /// <param name="notes">Attributions and licences of the lists; the operator's own stand before them.</param>
    public Html Page(string title, Html content, Caller caller, IEnumerable<string> notes) => Html.Of($"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{title} · ProbeNet</title>
        <link rel="stylesheet" href="/assets/site.css">
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
        </head>
        <body>
        <a class="skip" href="#content">Skip to the content</a>
        {Banner()}
        <header>
        <a class="name" href="/">ProbeNet</a>
        <nav aria-label="Pages"><a href="/matrix">Matrix</a> <a href="/openapi/v1.json">API</a>{(caller.IsPublic ? Html.Nothing : Html.Of($""" <a href="/rollouts">Releases</a>"""))}</nav>
        {SignedIn(caller)}
        </header>
        <main id="content" tabindex="-1">
        {content}
        </main>
        <footer>
        <p>Results: {publication.Licence}. {Rules(caller)}</p>
        {options.Value.Attributions.Concat(notes).Where(note => note.Length > 0).Select(note => Html.Of($"<p>{note}</p>\n"))}
        </footer>
        </body>
        </html>

        """);

    Html Banner() => options.Value.Banner is { Length: > 0 } banner
        ? Html.Of($"""<p class="banner" role="note">{banner}</p>""")
        : Html.Nothing;

    string Rules(Caller caller) => caller.IsPublic
        ? $"Days in UTC{(publication.Delay > TimeSpan.Zero ? $", {publication.Delay.TotalHours:0} hours after they end" : "")}. A cell needs {publication.MinimumUnits} volunteers; counts are classes (3-5, 6-10, 11+)."
        : "You see exact figures that the public does not. What you read is logged by key and day.";

    static Html SignedIn(Caller caller) => caller.Role is { } role
        ? Html.Of($"""<form class="sign" method="post" action="/sign-out"><span>Signed in: {Store.ApiRoles.Word(role)} key {caller.KeyId}</span> <button>Sign out</button></form>""")
        : Html.Of($"""<a class="sign" href="/sign-in">For analysts: sign in</a>""");
}
