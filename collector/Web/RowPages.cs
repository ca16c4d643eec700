using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>Single measurements, for analysts.</summary>
static class RowPages
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="next">Address of the next page; null after the last.</param>
    public static Html List(IReadOnlyList<RowView> rows, string? next, Reader reader) => Html.Of($"""
        <h1>{reader.Say("Measurements")}</h1>
        {(rows.Count == 0 ? Html.Of($"""<p class="empty" role="status">{reader.Say("No measurement passes the filter in these days.")}</p>""") : Table(rows, reader))}
        {(next is null ? Html.Nothing : Html.Of($"""<p><a rel="next" href="{next}">{reader.Say("Next page")}</a></p>"""))}
        """);

    public static Html One(RowDetail detail)
    {
        var row = detail.Measurement;
        return Html.Of($"""
            <div lang="en">
            <h1>Measurement of {row.Domain}</h1>
            <table class="facts"><tbody>
            {Row("Identifier", row.Uid.ToString())}
            {Row("About", Json.Utc(row.Started))}
            {Row("Network", $"AS{row.Asn} ({row.Cc}), known by: {row.AsnSource}")}
            {Row("Input", row.Input)}
            {Row("List", $"{row.List} version {row.ListVersion}")}
            {Row("Why it was made", row.Reason)}
            {Row("Agent version", row.AgentVersion)}
            {Row("Finding", row.Finding.Reason is { } why ? $"{row.Finding.Outcome}: {why}" : row.Finding.Outcome)}
            {Row("Mechanisms", row.Finding.Mechanisms.Count == 0 ? "none" : string.Join(", ", row.Finding.Mechanisms))}
            {Row("Rules that fired", string.Join(", ", row.Finding.Rules))}
            </tbody></table>
            <p><a href="/api/v1/measurements/{row.Uid.ToString()}/evidence" download>Evidence bundle</a>: its bytes, the seal and what proves them. Check it with <code>probenet-collector verify FILE</code>.</p>
            <h2>Layer by layer</h2>
            {LayerTable.Of(detail.Observations, detail.Controls.Count > 0 ? detail.Controls[0] : null)}
            <details><summary>Everything that was written down</summary>{Tree(detail.Observations)}</details>
            <h2>What controls saw</h2>
            {(detail.Controls.Count == 0 ? Html.Of($"<p>No control measured this host around that time.</p>") : Html.Nothing)}
            {detail.Controls.Select(control => Html.Of($"""<details><summary>AS{control.Asn}, {Json.Utc(control.Started)}</summary>{Tree(control.Observations)}</details>"""))}
            </div>
            """);
    }

    static Html Table(IReadOnlyList<RowView> rows, Reader reader) => Html.Of($"""
        <div class="scroll" role="region" aria-label="{reader.Say("Measurements")}" tabindex="0">
        <table class="facts"><caption>{reader.Say("{0} measurements on this page, oldest first", rows.Count)}</caption>
        <thead><tr><th scope="col">{reader.Say("About (UTC)")}</th><th scope="col">{reader.Say("Site")}</th><th scope="col">{reader.Say("Network")}</th><th scope="col">{reader.Say("Finding")}</th><th scope="col">{reader.Say("Mechanisms")}</th><th scope="col">{reader.Say("Measurement")}</th></tr></thead><tbody>
        {rows.Select(row => Html.Of($"""<tr><td>{row.Started:yyyy-MM-dd HH:mm}</td><td>{row.Domain}</td><td>AS{row.Asn} ({row.Cc}{(row.Role == "control" ? ", control" : "")})</td><td>{row.Finding.Outcome}</td><td>{string.Join(", ", row.Finding.Mechanisms)}</td><td><a href="{reader.To($"/measurements/{row.Uid}")}">{row.Uid.ToString()[..13]}…</a></td></tr>"""))}
        </tbody></table></div>
        """);

    static Html Row(string name, string value) => Html.Of($"""<tr><th scope="row">{name}</th><td>{value}</td></tr>""");

    static Html Tree(JsonNode node) => Html.Of($"<pre>{node.ToJsonString(Indented)}</pre>");
}
