using System.Globalization;
using System.Text;
using ProbeNet.Collector.Api.Dumps;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Web;

/// <summary>The public files of whole days: where they are, by which licence, and how they are read.</summary>
static class DumpPage
{
    static readonly string Query = Encoding.UTF8.GetString(Assets.Read("ProbeNet.Collector.Exchange.snippets.blocked.sql"));

    /// <param name="dumps">Latest day first.</param>
    /// <param name="attribution">Whom the licences of the data behind want named.</param>
    public static Html Content(IReadOnlyList<DumpView> dumps, string licence, IReadOnlyList<string> attribution, int minimumUnits, Reader reader) => Html.Of($"""
        <h1>{reader.Say("Daily files")}</h1>
        <p>{reader.Say("Each day that is over and published, as files for everybody: cells and events of all countries as these pages show them to the public, of {0} volunteers or more, counts as classes, times as days.", minimumUnits)}</p>
        <p>{reader.Say("Licence")}: {licence}. {reader.Say("Whoever passes them on names:")} {(attribution.Count == 0 ? reader.Say("nobody besides") : string.Join("; ", attribution))}.</p>
        {(dumps.Count == 0
            ? Html.Of($"""<p class="empty" role="status">{reader.Say("There is no file yet: no day that was measured is over and published. A day has its files an hour later at the latest.")}</p>""")
            : Table(dumps, reader))}
        {Reading(dumps, reader)}
        <p class="links">{reader.Say("The same as data:")} <a href="/api/v1/dumps">JSON</a>.</p>
        """);

    static Html Table(IReadOnlyList<DumpView> dumps, Reader reader) => Html.Of($"""
        <div class="scroll" role="region" aria-label="{reader.Say("Daily files")}" tabindex="0">
        <table class="facts"><caption>{reader.Say("{0} days, latest first. A day of which the public sees something else than before gets another version; the manifest has the hashes of all.", dumps.Count)}</caption>
        <thead><tr><th scope="col">{reader.Say("Day (UTC)")}</th><th scope="col">{reader.Say("Version")}</th><th scope="col">{reader.Say("As of")}</th><th scope="col">{reader.Say("Cells (a site at a provider)")}</th><th scope="col">{reader.Say("Events")}</th><th scope="col">{reader.Say("Hashes and columns")}</th></tr></thead><tbody>
        {dumps.Select(dump => Html.Of($"""
            <tr><th scope="row">{dump.Day:yyyy-MM-dd}</th><td class="number">{dump.Version}</td><td>{dump.AsOf:yyyy-MM-dd}</td><td>{Files(dump, "cells", reader)}</td><td>{Files(dump, "events", reader)}</td><td><a href="/api/v1/dumps/{dump.Day:yyyy-MM-dd}">{reader.Say("Manifest")}</a></td></tr>

            """))}
        </tbody></table></div>
        """);

    static Html Files(DumpView dump, string kind, Reader reader)
    {
        var files = dump.Files.Where(file => file.Kind == kind).ToList();
        return Html.Of($"""{files.Select((file, i) => Html.Of($"""{(i == 0 ? "" : ", ")}<a href="{dump.Path}/{file.Name}" download="{file.Name}">{Form(file)}</a> {Size(file)}"""))}: {reader.Say("{0} rows", files[0].Rows)}""");
    }

    static Html Reading(IReadOnlyList<DumpView> dumps, Reader reader) => Html.Of($"""
        <h2>{reader.Say("How to read them")}</h2>
        <p>{reader.Say("Parquet and CSV hold the same rows. How many sites each provider blocked on each day, with DuckDB over the Parquet files of cells in one folder:")}</p>
        <pre role="region" tabindex="0" aria-label="DuckDB">{(dumps is [var newest, ..] ? $"curl -O {reader.Site}{newest.Path}/{newest.Files.First(file => file.Kind == "cells").Name}\n" : "")}duckdb -csv &lt; blocked.sql

        {Query}</pre>
        <p>{reader.Say("A day's manifest names each column with its type and gives the SHA-256 of each file; a file's address never has other bytes.")}</p>
        """);

    static string Form(DumpFile file) => file.Name.EndsWith(".parquet", StringComparison.Ordinal) ? "Parquet" : "CSV";

    static string Size(DumpFile file) => string.Create(CultureInfo.InvariantCulture, $"({Math.Max(1, file.Bytes / 1000):N0} kB)");
}
