using System.Globalization;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>The reasons of one cell. The analysis' own words are English in every language.</summary>
sealed class CellPage(Publication publication)
{
    public Html Content(ExplanationView view, Reader reader)
    {
        var look = StateLook.Of(view.Cell.State);
        return Html.Of($"""
            <p>{reader.Link($"/matrix?cc={view.Cc}", reader.Say("← Matrix of {0}", view.Cc))} · {reader.Link($"/cells/{view.Cc}/{Uri.EscapeDataString(view.Cell.Domain)}", reader.Say("Time line of {0} in {1}", view.Cell.Domain, view.Cc))} · {IspName.Link(view.Cell.Asn, view.Isp, reader)}</p>
            <h1>{reader.Say("{0} at {1}", view.Cell.Domain, IspName.Of(view.Cell.Asn, view.Isp))}</h1>
            <p class="state {look.Css}"><span class="glyph" aria-hidden="true">{look.Glyph}</span> {reader.Say(look.Words)}</p>
            <p>{Sentence(view, reader)}</p>
            <h2>{reader.Say("Why")}</h2>
            <ol class="steps">
            {view.Reasoning.Select(step => Step(step, reader))}
            </ol>
            {Figures(view, reader)}
            {Rules(view, reader)}
            {Units(view, reader)}
            {Timeline(view, reader)}
            {Controls(view, reader)}
            {Measurements(view, reader)}
            <p class="links">{reader.Say("The same as data:")} <a href="/api/v1/cells/{view.Cc}/{Uri.EscapeDataString(view.Cell.Domain)}/{view.Cell.Asn}?since={view.Since:yyyy-MM-dd}&amp;until={view.Until:yyyy-MM-dd}">JSON</a>.</p>
            """);
    }

    string Sentence(ExplanationView view, Reader reader)
    {
        var (cell, days) = (view.Cell, reader.Say("Days {0} (UTC).", BracketText.Days(view.Since, view.Until, reader)));
        return cell.State == CellState.Insufficient
            ? $"{days} {reader.Say("Not enough data: {0}. That is not good news.", StateLook.WhyInsufficient(cell, publication.MinimumUnits, reader))}"
            : $"{days} {reader.Say("{0} of {1} runs by {2} volunteers show interference; {3}.", cell.InterferenceRuns, cell.Runs, cell.Units, BracketText.Since(cell.Since, reader))}{(cell.Changed ? " " + reader.Say("It was different earlier in these days.") : "")}";
    }

    static Html Step(ReasoningStep step, Reader reader) => Html.Of($"""
        <li><span aria-hidden="true">{(step.Holds ? "✓" : "✗")}</span> <span class="hidden">{(step.Holds ? reader.Say("holds:") : reader.Say("does not hold:"))}</span> <span lang="en">{step.Text}</span> <code>{step.Code}</code></li>

        """);

    static Html Figures(ExplanationView view, Reader reader)
    {
        var cell = view.Cell;
        if (cell.Runs.IsHidden)
            return Html.Nothing;
        return Html.Of($"""
            <h2>{reader.Say("Figures")}</h2>
            <table class="facts"><tbody>
            {Row(reader.Say("State"), cell.State.Word())}
            {Row(reader.Say("Mechanisms, strongest first"), cell.Mechanisms.Count == 0 ? reader.Say("none") : string.Join(", ", cell.Mechanisms) + (cell.Via is { } via ? $" (DNS via {via})" : ""))}
            {Row(reader.Say("Where"), cell.HopAsn is { } hop ? $"{cell.Locus}, AS{hop}" : cell.Locus)}
            {Row(reader.Say("Runs with interference, of all"), reader.Say("{0} of {1}", cell.InterferenceRuns, cell.Runs))}
            {Row(reader.Say("Share of interference, 95 %"), cell.Interval is [var low, var high] ? reader.Say("{0} to {1}", low.ToString("0.0##", CultureInfo.InvariantCulture), high.ToString("0.0##", CultureInfo.InvariantCulture)) : reader.Say("none"))}
            {Row(reader.Say("Volunteers, groups"), $"{cell.Units}, {cell.Groups}")}
            {Row(reader.Say("Access"), cell.Access)}
            </tbody></table>
            """);
    }

    static Html Row(string name, string value) => Html.Of($"""<tr><th scope="row">{name}</th><td>{value}</td></tr>""");

    static Html Rules(ExplanationView view, Reader reader) => view.Rules.Count == 0 ? Html.Nothing : Html.Of($"""
        <h2>{reader.Say("Rules that fired")}</h2>
        <table class="facts"><thead><tr><th scope="col">{reader.Say("Rule")}</th><th scope="col">{reader.Say("Runs")}</th><th scope="col">{reader.Say("Volunteers")}</th></tr></thead><tbody>
        {view.Rules.Select(rule => Html.Of($"""<tr><th scope="row"><code>{rule.Rule}</code></th><td class="number">{Shown(rule.Runs, reader)}</td><td class="number">{Shown(rule.Units, reader)}</td></tr>"""))}
        </tbody></table>
        """);

    static Html Units(ExplanationView view, Reader reader) => view.UnitEvidence is not { Count: > 0 } units ? Html.Nothing : Html.Of($"""
        <h2>{reader.Say("Volunteers, without names")}</h2>
        <table class="facts"><thead><tr><th scope="col">{reader.Say("Group")}</th><th scope="col">{reader.Say("Interference, of scored")}</th><th scope="col">{reader.Say("Network observed by the collector")}</th><th scope="col">{reader.Say("Sustained")}</th><th scope="col">{reader.Say("Mechanisms")}</th><th scope="col">{reader.Say("Proof")}</th></tr></thead><tbody>
        {units.Select(unit => Html.Of($"""<tr><td>{unit.Group}</td><td class="number">{reader.Say("{0} of {1}", unit.Interference, unit.Scored)}</td><td>{YesNo(unit.Bound, reader)}</td><td>{YesNo(unit.Sustained, reader)}</td><td>{string.Join(", ", unit.Mechanisms)}</td><td>{string.Join(", ", unit.Artefacts)}</td></tr>"""))}
        </tbody></table>
        """);

    static Html Timeline(ExplanationView view, Reader reader) => view.Timeline.Count == 0 ? Html.Nothing : Html.Of($"""
        <h2>{reader.Say("Day by day")}</h2>
        <div class="scroll" role="region" aria-label="{reader.Say("Day by day")}" tabindex="0">
        <table class="facts"><thead><tr><th scope="col">{reader.Say("Day (UTC)")}</th><th scope="col">{reader.Say("Volunteers")}</th><th scope="col">{reader.Say("Proof of interference")}</th><th scope="col">{reader.Say("Anomaly")}</th><th scope="col">{reader.Say("Slow")}</th><th scope="col">{reader.Say("Refused")}</th><th scope="col">{reader.Say("Down")}</th><th scope="col">{reader.Say("Reachable")}</th><th scope="col">{reader.Say("Proves nothing")}</th></tr></thead><tbody>
        {view.Timeline.Select(day => Html.Of($"""<tr><th scope="row">{day.Day:yyyy-MM-dd}</th>{new[] { day.Units, day.Artefact, day.Anomaly, day.Slow, day.Refused, day.Down, day.Ok, day.Discarded }.Select(count => Html.Of($"""<td class="number">{Shown(count, reader)}</td>"""))}</tr>"""))}
        </tbody></table></div>
        """);

    static Html Controls(ExplanationView view, Reader reader) => Html.Of($"""
        <h2>{reader.Say("Controls in uncensored networks")}</h2>
        {ControlTable.Of(view.Controls, reader)}
        """);

    static Html Measurements(ExplanationView view, Reader reader)
    {
        if (reader.Caller.IsPublic)
            return Html.Nothing;
        var list = $"/measurements?cc={view.Cc}&domain={Uri.EscapeDataString(view.Cell.Domain)}&asn={view.Cell.Asn}&since={Json.Utc(view.Since)}&until={Json.Utc(view.Until)}";
        return Html.Of($"""
            <h2>{reader.Say("Measurements")}</h2>
            <p>{reader.Link(list, reader.Say("Measurements behind this cell"))}{(view.Cell.Witness is { } uid ? Html.Of($"; {reader.Link($"/measurements/{uid}", reader.Say("the one that shows it best"))}") : Html.Nothing)}. {reader.Say("What you open is logged by key and day.")}</p>
            """);
    }

    static string YesNo(bool holds, Reader reader) => holds ? reader.Say("yes") : reader.Say("no");

    static string Shown(Count count, Reader reader) => count.IsHidden ? reader.Say("too few") : count.ToString();
}
