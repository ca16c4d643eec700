using Microsoft.Extensions.Options;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>What lets a page stand as a document: where it is, as of when, by which rules and licence, what became of it since, and how to answer.</summary>
sealed class DocumentNote(IOptions<WebOptions> options, Publication publication, TimeProvider time)
{
    static readonly TimeSpan Grain = TimeSpan.FromHours(1);

    /// <param name="path">Without a query.</param>
    /// <param name="query">What pins the page besides the time; empty for nothing.</param>
    /// <param name="days">What it shows.</param>
    public Html Of(string path, string query, string days, Filter filter, string cc, Reader reader)
    {
        var asOf = filter.AsOf ?? Hour(time.GetUtcNow());
        var address = $"{path}?{(query.Length == 0 ? "" : query + "&")}as_of={Uri.EscapeDataString(Json.Utc(asOf))}";
        return Html.Of($"""
            <section class="document" aria-labelledby="document"><h2 id="document">{reader.Say("About this document")}</h2>
            <table class="facts"><tbody>
            {Row(reader.Say("Permanent address"), reader.Link(address, reader.Site + address))}
            {Row(reader.Say("As of"), Html.Of($"{asOf:yyyy-MM-dd HH:mm} UTC"))}
            {Row(reader.Say("Days that it shows"), Html.Of($"{days} UTC"))}
            {Row(reader.Say("Rules"), Html.Of($"""{reader.Say("version {0}", Rules.Version)}; <a href="/api/v1/methods">{reader.Say("the rules as they stand")}</a>"""))}
            {Row(reader.Say("Figures"), Html.Of($"""{(reader.Caller.IsPublic ? reader.Say("public: a day counts where {0} volunteers looked; counts are classes", publication.MinimumUnits) : reader.Say("exact, as those with a key see them: not for publication"))}"""))}
            {Row(reader.Say("Licence"), Html.Of($"{publication.Licence}"))}
            {Row(reader.Say("Corrections"), reader.Link("/corrections?cc=" + cc, reader.Say("What was changed in findings of {0}, when and why", cc)))}
            {Row(reader.Say("Reply"), Contact(reader))}
            </tbody></table>
            <p>{reader.Say("Results are replaced when better rules or late measurements come; the address shows what is known now of what was known then.")}</p>
            </section>
            """);
    }

    /// <summary>What stands under a chart that is saved as a file.</summary>
    public IReadOnlyList<string> ChartLines(string path, string days, Filter filter, Reader reader) =>
    [
        $"{reader.Say("Days {0} (UTC).", days)} {reader.Say("As of")}: {filter.AsOf ?? Hour(time.GetUtcNow()):yyyy-MM-dd HH:mm} UTC. {reader.Say("Rules")}: {reader.Say("version {0}", Rules.Version)}.",
        $"ProbeNet · {publication.Licence} · {reader.Site}{path}",
    ];

    Html Contact(Reader reader) => options.Value.Contact switch
    {
        "" => Html.Of($"""{reader.Say("The operator of this collector has named no address for replies.")}"""),
        var contact when Uri.TryCreate(contact, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps => Html.Of($"""<a href="{contact}">{contact}</a>"""),
        var contact when contact.Contains('@', StringComparison.Ordinal) => Html.Of($"""<a href="mailto:{contact}">{contact}</a>"""),
        var contact => Html.Of($"{contact}"),
    };

    static Html Row(string name, Html value) => Html.Of($"""<tr><th scope="row">{name}</th><td>{value}</td></tr>""");

    static DateTimeOffset Hour(DateTimeOffset now) => new(now.UtcTicks - (now.UtcTicks % Grain.Ticks), TimeSpan.Zero);
}
