using System.Globalization;
using ProbeNet.Collector.Analysis.Attribution;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>How the blocking of a country is organised: the sentence first, then everything that it rests on and what it does not.</summary>
static class OrganisationPage
{
    static readonly (string Word, Func<AttributionView, double> Share)[] Explanations =
    [
        ("independent", view => view.Posterior.Independent), ("order", view => view.Posterior.Order), ("hybrid", view => view.Posterior.Hybrid), ("gateway", view => view.Posterior.Gateway),
    ];

    /// <param name="matrix">Of the same days.</param>
    /// <param name="onsets">Of the days before its end, latest first.</param>
    /// <param name="document">Ends the page.</param>
    public static Html Content(AttributionView view, MatrixView matrix, IReadOnlyList<EventView> onsets, IReadOnlyList<string> countries, Filter filter, DateTimeOffset now, Func<long, string?> nameOf, Html document, Reader reader) => Html.Of($"""
        <h1>{reader.Say("How the blocking is organised")} <span class="cc">{matrix.Cc}</span></h1>
        {Freshness.Of(matrix.AsOf, BracketText.Days(matrix.Since, matrix.Until, reader), now, reader)}
        {FilterForm.Of("/attribution", reader, FilterForm.Choice("cc", reader.Say("Country"), countries.Union([matrix.Cc]).Order(StringComparer.Ordinal).Select(cc => (cc, cc)), matrix.Cc), FilterForm.Days(filter.Since, filter.Until, reader))}
        <p class="verdict"><strong>{reader.Say(OrganisationLook.Name(view.Verdict))}{(view.Preliminary ? $" ({reader.Say("preliminary")})" : "")}</strong></p>
        <p>{reader.Say(OrganisationLook.Sentence(view.Verdict))} {reader.Say("It is said of how networks behave; it names nobody who decides.")}</p>
        <h2>{reader.Say("What can be said of the country's sites and providers")}</h2>
        {Quotable.OfCells(matrix, reader)}
        <h2>{reader.Say("How likely each explanation is")}</h2>
        {Posterior(view, reader)}
        <h2>{reader.Say("What it rests on")}</h2>
        <ol class="steps" lang="en">
        {view.Evidence.Select(evidence => Html.Of($"<li><strong>{evidence.Kind}</strong>: {evidence.Text}</li>"))}
        </ol>
        {Components(view, reader)}
        <h2>{reader.Say("Provider by provider: what both block")}</h2>
        {SimilarityTable.Of(matrix, reader)}
        <h2>{reader.Say("Where on the path")}</h2>
        {PathPicture.Of(matrix, nameOf, reader)}
        <h2>{reader.Say("When it began")}</h2>
        {OnsetPlot.Of(onsets, matrix, reader)}
        <h2>{reader.Say("Moves over time")}</h2>
        {MovesSection.Of(view, matrix, reader)}
        <h2>{reader.Say("Site by site")}</h2>
        {Targets(view, matrix, reader)}
        <h2>{reader.Say("What to bear in mind")}</h2>
        <ul>{Caveats(view, reader).Select(caveat => Html.Of($"<li>{caveat}</li>"))}</ul>
        <h2>{reader.Say("What was not covered")}</h2>
        {NotCovered(view, matrix, reader)}
        {document}
        <p class="links">{reader.Say("The same as data:")} <a href="/api/v1/attribution/{matrix.Cc}?since={matrix.Since:yyyy-MM-dd}&amp;until={matrix.Until:yyyy-MM-dd}">JSON</a>.</p>
        """);

    static Html Posterior(AttributionView view, Reader reader) => view.Leaning is null
        ? Html.Of($"""<p class="empty" role="status">{reader.Say("Nothing was compared: fewer than two providers have enough volunteers, or nothing is blocked at them. No explanation is likelier than another.")}</p>""")
        : Html.Of($"""
        <table class="facts"><caption>{reader.Say("Of four explanations that were equally likely beforehand, over {0} sites at {1} providers", view.Coverage.CommonTargets, view.Coverage.ComparedIsps)}{(view.Preliminary ? ". " + reader.Say("Preliminary: a first impression and no claim, for the least that is needed is not there.") : "")}</caption>
        <thead><tr><th scope="col">{reader.Say("Explanation")}</th><th scope="col">{reader.Say("Probability")}</th><th scope="col"><span class="hidden">{reader.Say("As a bar")}</span></th></tr></thead><tbody>
        {Explanations.Select(one => Html.Of($"""<tr><th scope="row">{reader.Say(OrganisationLook.Name(one.Word))}</th><td class="number">{Figure(one.Share(view))}</td><td><svg class="bar" viewBox="0 0 200 12" width="200" height="12" aria-hidden="true"><rect x="0.5" y="0.5" width="199" height="11"/><rect class="full" x="0" y="0" width="{200 * one.Share(view):0.#}" height="12"/></svg></td></tr>"""))}
        </tbody></table>
        """);

    static Html Components(AttributionView view, Reader reader)
    {
        var (c, spread) = (view.Components, view.Intervals ?? ComponentIntervals.None);
        (string Name, double? Value, Spread? Spread)[] rows =
        [
            (reader.Say("What is blocked agrees (0 to 1, chance taken off)"), c.List, spread.List), (reader.Say("What both of two providers block, of what either does"), c.Jaccard, spread.Jaccard),
            (reader.Say("Probability that chance alone agrees as much"), c.PValue, null), (reader.Say("Marks of the same device in common"), c.Mechanism, spread.Mechanism),
            (reader.Say("Ways of blocking in common"), c.MechanismOverlap, spread.MechanismOverlap), (reader.Say("Variety of the ways (bits; 0: all alike)"), c.TechniqueEntropy, null),
            (reader.Say("Onsets close together"), c.Onset, null), (reader.Say("Located providers that are filtered in one network"), c.Place, spread.Place),
        ];
        return Html.Of($"""
            <table class="facts"><caption>{reader.Say("Components, over {0} common sites, {1} of them blocked somewhere, at {2} providers", view.Coverage.CommonTargets, view.Coverage.BlockedTargets, view.Coverage.ComparedIsps)}</caption>
            <thead><tr><th scope="col">{reader.Say("Component")}</th><th scope="col">{reader.Say("Value")}</th><th scope="col">{reader.Say("95 %, over sites drawn again and again")}</th></tr></thead>
            <tbody>{rows.Select(row => Html.Of($"""<tr><th scope="row">{row.Name}</th><td class="number">{(row.Value is { } value ? Figure(value) : reader.Say("not comparable"))}</td><td class="number">{(row.Value is not null && row.Spread is { } known ? reader.Say("{0} to {1}", Figure(known.Low), Figure(known.High)) : "")}</td></tr>"""))}</tbody></table>
            """);
    }

    static Html Targets(AttributionView view, MatrixView matrix, Reader reader) => view.Targets.Count == 0
        ? Html.Of($"""<p class="empty" role="status">{reader.Say("No site is blocked at a provider that can be compared.")}</p>""")
        : Html.Of($"""
        <div class="scroll" role="region" aria-label="{reader.Say("Site by site")}" tabindex="0">
        <table class="facts"><caption>{reader.Say("{0} sites that are blocked at a compared provider at least", view.Targets.Count)}</caption>
        <thead><tr><th scope="col">{reader.Say("Site")}</th><th scope="col">{reader.Say("Blocked at, of compared providers")}</th><th scope="col">{reader.Say("How")}</th><th scope="col">{reader.Say("Why")}</th></tr></thead><tbody>
        {view.Targets.Select(target => Html.Of($"""<tr><th scope="row">{reader.Link($"/cells/{matrix.Cc}/{Uri.EscapeDataString(target.Domain)}", target.Domain)}</th><td class="number">{reader.Link($"/matrix?cc={matrix.Cc}&domain={Uri.EscapeDataString(target.Domain)}", reader.Say("{0} of {1}", target.BlockingIsps, target.ComparedIsps))}</td><td>{reader.Say(OrganisationLook.OfTarget(target.Verdict))}</td><td lang="en">{target.Text}</td></tr>"""))}
        </tbody></table></div>
        """);

    static IEnumerable<string> Caveats(AttributionView view, Reader reader)
    {
        yield return reader.Say("That providers began together does not prove one place: forty providers can follow a message within minutes.");
        yield return reader.Say("Sites of which filters are sold (such as gambling or pornography) are blocked alike by providers that know nothing of each other; they weigh little.");
        if (view.Coverage.LocatedIsps < 3)
            yield return reader.Say("Where the blocking is was located at {0} of {1} providers. To say that it is in one place, or in alike devices, takes three.", view.Coverage.LocatedIsps, view.Coverage.ComparedIsps);
        if (view.Coverage.OnsetTargets == 0)
            yield return reader.Say("No site became blocked at two providers while it was watched: when it began says nothing here.");
        if (view.Drifts.Count == 0)
            yield return reader.Say("There is no baseline of any provider yet, so a move cannot be seen: a provider needs fourteen days with two groups of volunteers first.");
    }

    static Html NotCovered(AttributionView view, MatrixView matrix, Reader reader)
    {
        var compared = IspSimilarity.Comparable(matrix).Select(isp => isp.Asn).ToHashSet();
        var silent = matrix.Isps.Where(isp => !compared.Contains(isp.Asn)).ToList();
        return Html.Of($"""
            <ul>
            <li>{reader.Say("{0} of {1} providers could not be compared: fewer than two independent volunteers.", view.Coverage.Isps - view.Coverage.ComparedIsps, view.Coverage.Isps)}</li>
            <li>{reader.Say("{0} of {1} sites are not decided at enough of the compared providers.", view.Coverage.Targets - view.Coverage.CommonTargets, view.Coverage.Targets)}</li>
            <li>{(silent.Count == 0 ? Html.Of($"{reader.Say("Every provider that was ever measured has a decided cell in these days.")}") : Html.Of($"{reader.Say("Providers without any decided cell in these days ({0} of {1}):", silent.Count, matrix.Isps.Count)} {silent.Select((isp, i) => Html.Of($"{(i == 0 ? "" : ", ")}{IspName.Link(isp.Asn, isp.Name, reader)}"))}"))}</li>
            <li>{reader.Say("Providers from which no volunteer ever measured are not known here at all.")}</li>
            </ul>
            <p>{reader.Link($"/coverage?cc={matrix.Cc}", reader.Say("Coverage of {0}", matrix.Cc))}</p>
            """);
    }

    static string Figure(double value) => value.ToString("0.00##", CultureInfo.InvariantCulture);
}
