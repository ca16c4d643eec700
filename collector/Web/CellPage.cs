using System.Globalization;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>The reasons of one cell.</summary>
sealed class CellPage(Publication publication)
{
    public Html Content(ExplanationView view, Caller caller)
    {
        var look = StateLook.Of(view.Cell.State);
        var isp = view.Isp is { } name ? $"{name} (AS{view.Cell.Asn})" : $"AS{view.Cell.Asn}";
        return Html.Of($"""
            <p><a href="/matrix?cc={view.Cc}">← Matrix of {view.Cc}</a></p>
            <h1>{view.Cell.Domain} at {isp}</h1>
            <p class="state {look.Css}"><span class="glyph" aria-hidden="true">{look.Glyph}</span> {look.Words}</p>
            <p>{Sentence(view)}</p>
            <h2>Why</h2>
            <ol class="steps">
            {view.Reasoning.Select(Step)}
            </ol>
            {Figures(view)}
            {Rules(view)}
            {Units(view)}
            {Timeline(view)}
            {Controls(view)}
            {Measurements(view, caller)}
            <p class="links">The same as data: <a href="/api/v1/cells/{view.Cc}/{Uri.EscapeDataString(view.Cell.Domain)}/{view.Cell.Asn}?since={view.Since:yyyy-MM-dd}&amp;until={view.Until:yyyy-MM-dd}">JSON</a>.</p>
            """);
    }

    string Sentence(ExplanationView view)
    {
        var days = $"{view.Since:yyyy-MM-dd} to {view.Until.AddDays(-1):yyyy-MM-dd} (UTC)";
        var cell = view.Cell;
        return cell.State switch
        {
            CellState.Insufficient => $"{days}: {StateLook.WhyInsufficient(cell, publication.MinimumUnits)}. Not enough data is not good news.",
            _ => $"{days}: {cell.InterferenceRuns} of {cell.Runs} runs by {cell.Units} volunteers show interference; {SinceText.Of(cell.Since)}.{(cell.Changed ? " It was different earlier in these days." : "")}",
        };
    }

    static Html Step(ReasoningStep step) => Html.Of($"""
        <li><span aria-hidden="true">{(step.Holds ? "✓" : "✗")}</span> <span class="hidden">{(step.Holds ? "holds:" : "does not hold:")}</span> {step.Text} <code>{step.Code}</code></li>

        """);

    static Html Figures(ExplanationView view)
    {
        var cell = view.Cell;
        if (cell.Runs.IsHidden)
            return Html.Nothing;
        return Html.Of($"""
            <h2>Figures</h2>
            <table class="facts"><tbody>
            {Row("State", cell.State.Word())}
            {Row("Mechanisms, strongest first", cell.Mechanisms.Count == 0 ? "none" : string.Join(", ", cell.Mechanisms) + (cell.Via is { } via ? $" (DNS via {via})" : ""))}
            {Row("Where", cell.HopAsn is { } hop ? $"{cell.Locus}, AS{hop}" : cell.Locus)}
            {Row("Runs with interference, of all", $"{cell.InterferenceRuns} of {cell.Runs}")}
            {Row("Share of interference, 95 %", cell.Interval is [var low, var high] ? string.Create(CultureInfo.InvariantCulture, $"{low:0.0##} to {high:0.0##}") : "none")}
            {Row("Volunteers, groups", $"{cell.Units}, {cell.Groups}")}
            {Row("Access", cell.Access)}
            </tbody></table>
            """);
    }

    static Html Row(string name, string value) => Html.Of($"""<tr><th scope="row">{name}</th><td>{value}</td></tr>""");

    static Html Rules(ExplanationView view) => view.Rules.Count == 0 ? Html.Nothing : Html.Of($"""
        <h2>Rules that fired</h2>
        <table class="facts"><thead><tr><th scope="col">Rule</th><th scope="col">Runs</th><th scope="col">Volunteers</th></tr></thead><tbody>
        {view.Rules.Select(rule => Html.Of($"""<tr><th scope="row"><code>{rule.Rule}</code></th><td class="number">{Shown(rule.Runs)}</td><td class="number">{Shown(rule.Units)}</td></tr>"""))}
        </tbody></table>
        """);

    static Html Units(ExplanationView view) => view.UnitEvidence is not { Count: > 0 } units ? Html.Nothing : Html.Of($"""
        <h2>Volunteers, without names</h2>
        <table class="facts"><thead><tr><th scope="col">Group</th><th scope="col">Interference, of scored</th><th scope="col">Network observed by the collector</th><th scope="col">Sustained</th><th scope="col">Mechanisms</th><th scope="col">Proof</th></tr></thead><tbody>
        {units.Select(unit => Html.Of($"""<tr><td>{unit.Group}</td><td class="number">{unit.Interference} of {unit.Scored}</td><td>{(unit.Bound ? "yes" : "no")}</td><td>{(unit.Sustained ? "yes" : "no")}</td><td>{string.Join(", ", unit.Mechanisms)}</td><td>{string.Join(", ", unit.Artefacts)}</td></tr>"""))}
        </tbody></table>
        """);

    static Html Timeline(ExplanationView view) => view.Timeline.Count == 0 ? Html.Nothing : Html.Of($"""
        <h2>Day by day</h2>
        <div class="scroll" role="region" aria-label="Day by day" tabindex="0">
        <table class="facts"><thead><tr><th scope="col">Day (UTC)</th><th scope="col">Volunteers</th><th scope="col">Proof of interference</th><th scope="col">Anomaly</th><th scope="col">Slow</th><th scope="col">Refused</th><th scope="col">Down</th><th scope="col">Reachable</th><th scope="col">Proves nothing</th></tr></thead><tbody>
        {view.Timeline.Select(day => Html.Of($"""<tr><th scope="row">{day.Day:yyyy-MM-dd}</th>{new[] { day.Units, day.Artefact, day.Anomaly, day.Slow, day.Refused, day.Down, day.Ok, day.Discarded }.Select(count => Html.Of($"""<td class="number">{Shown(count)}</td>"""))}</tr>"""))}
        </tbody></table></div>
        """);

    static Html Controls(ExplanationView view) => view.Controls.Count == 0
        ? Html.Of($"""<h2>Controls</h2><p>No control vantage point measured this site in these days.</p>""")
        : Html.Of($"""
        <h2>Controls in uncensored networks</h2>
        <table class="facts"><thead><tr><th scope="col">Day (UTC)</th><th scope="col">Reached, of measured</th><th scope="col">Networks</th></tr></thead><tbody>
        {view.Controls.Select(day => Html.Of($"""<tr><th scope="row">{day.Day:yyyy-MM-dd}</th><td class="number">{day.Reached} of {day.Measurements}</td><td class="number">{day.Networks}</td></tr>"""))}
        </tbody></table>
        """);

    static Html Measurements(ExplanationView view, Caller caller)
    {
        if (caller.IsPublic)
            return Html.Nothing;
        var list = $"/measurements?cc={view.Cc}&domain={Uri.EscapeDataString(view.Cell.Domain)}&asn={view.Cell.Asn}&since={Json.Utc(view.Since)}&until={Json.Utc(view.Until)}";
        return Html.Of($"""
            <h2>Measurements</h2>
            <p><a href="{list}">Measurements behind this cell</a>{(view.Cell.Witness is { } uid ? Html.Of($"""; <a href="/measurements/{uid.ToString()}">the one that shows it best</a>""") : Html.Nothing)}. What you open is logged by key and day.</p>
            """);
    }

    static string Shown(Count count) => count.IsHidden ? "too few" : count.ToString();
}
