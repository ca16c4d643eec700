using System.Globalization;
using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Analysis.Attribution;

/// <summary>From the cells of a country to a verdict. A pure function.</summary>
static class AttributionJudge
{
    // Floors and bars of the contract (section 2) and of analysis 4.4c.
    const int FloorIsps = 3;
    const int FloorTargets = 20;
    const int FloorBlocked = 10;
    const int FloorLocated = 3;
    const double Bar = 0.95;
    const double Significant = 0.01;
    const double IndependentBar = 0.9;
    const double NotSignificant = 0.05;

    // Blocked targets from which a provider is said to have a list of its own.
    const int OwnList = 3;

    // Marks in common below which providers are said to use tools of their own.
    const double SeparateTools = 0.6;

    public static CountryVerdict Judge(IReadOnlyList<CellVerdict> verdicts, IReadOnlyDictionary<string, string> categories)
    {
        var table = BlockTable.Of(verdicts, categories);
        var place = PlaceAgreement.Of(table);
        var onsets = OnsetAgreement.Of(verdicts, table);
        var coverage = new AttributionCoverage(table.IspsSeen, table.Isps.Count, table.TargetsSeen, table.Targets.Count, table.BlockedTargets, place.Located, onsets.Targets);
        var floor = coverage is { ComparedIsps: >= FloorIsps, CommonTargets: >= FloorTargets, BlockedTargets: >= FloorBlocked };
        if (coverage is { ComparedIsps: < 2 } or { BlockedTargets: 0 })
            return new(Organisations.Insufficient, true, null, new(0.25, 0.25, 0.25, 0.25), null,
                new(null, null, null, null, null, null, null, null), [Floor(coverage, floor)], coverage);
        var list = ListAgreement.Of(table);
        var mechanism = MechanismAgreement.Of(table);
        var posterior = (list.Likelihood + mechanism.Likelihood + onsets.Likelihood + place.Likelihood).Posterior();
        var word = floor ? WordOf(posterior, table, list, mechanism, place) : Organisations.Insufficient;
        var components = new AttributionComponents(
            list.Alpha is { } alpha ? Math.Max(0, alpha) : null, mechanism.RareOverlap, onsets.Synchrony,
            place.Located == 0 ? null : (double)place.Common / place.Located, list.Jaccard, mechanism.Overlap, mechanism.Entropy, list.PValue);
        return new(word, !floor, LeaningOf(posterior), posterior, ScoreOf(components), components,
            [Floor(coverage, floor), .. EvidenceOf(list, mechanism, onsets, place)], coverage);
    }

    static string WordOf(Hypotheses posterior, BlockTable table, ListAgreement list, MechanismAgreement mechanism, PlaceAgreement place)
    {
        var coordinated = list.PValue <= Significant && posterior.Independent <= 1 - Bar;
        if (!coordinated)
            // That one provider blocks and others do not yet says nothing of how they decide.
            return posterior.Independent >= IndependentBar && list.PValue > NotSignificant && table.Isps.Count(i => i.Blocked >= OwnList) >= FloorIsps
                ? Organisations.Independent : Organisations.Undetermined;
        var most = Math.Max(FloorIsps, (2 * mechanism.Blocking + 2) / 3);
        var sameMarks = mechanism.Sharing >= most;
        var inPath = place.InPath >= FloorIsps && place.InPath > 2 * place.AtResolver;
        if (posterior.Gateway >= Bar && place.Common >= FloorLocated && place.Common * 3 >= place.Located * 2)
            return Organisations.Gateway;
        if (posterior.Hybrid >= Bar && place.Own >= FloorLocated && place.Own * 3 >= place.Located * 2 && sameMarks)
            return Organisations.Hybrid;
        if (posterior.Central >= Bar && (sameMarks || inPath))
            return Organisations.Central;
        return posterior.Order >= Bar && mechanism.Overlap <= SeparateTools ? Organisations.Order : Organisations.Coordinated;
    }

    static string LeaningOf(Hypotheses p) => new (string Word, double Share)[]
    {
        (Organisations.Independent, p.Independent), (Organisations.Order, p.Order), (Organisations.Hybrid, p.Hybrid), (Organisations.Gateway, p.Gateway),
    }.MaxBy(h => h.Share).Word;

    // Weights of analysis 4.3.
    static double? ScoreOf(AttributionComponents c)
    {
        (double? Value, double Weight)[] parts = [(c.List, 0.25), (c.Mechanism, 0.30), (c.Onset, 0.20), (c.Place, 0.25)];
        var weight = parts.Where(p => p.Value is not null).Sum(p => p.Weight);
        return weight == 0 ? null : 100 * parts.Sum(p => (p.Value ?? 0) * p.Weight) / weight;
    }

    static AttributionEvidence Floor(AttributionCoverage c, bool met) => new("floor",
        $"{c.ComparedIsps} of {c.Isps} providers have two independent volunteers or more ({FloorIsps} are needed); {c.CommonTargets} of {c.Targets} targets are decided at most of them ({FloorTargets} are needed), {c.BlockedTargets} of these are blocked somewhere ({FloorBlocked} are needed): {(met ? "enough" : "not enough")} to compare.",
        null);

    static IEnumerable<AttributionEvidence> EvidenceOf(ListAgreement list, MechanismAgreement mechanism, OnsetAgreement onsets, PlaceAgreement place)
    {
        yield return new("list", Text($"What is blocked agrees between providers: Jaccard {list.Jaccard:0.00} (mean over pairs), Krippendorff's alpha {list.Alpha:0.00}; providers who know nothing of each other would agree as much with probability {list.PValue:0.0000}."), list.Likelihood);
        yield return new("mechanism", Text($"{mechanism.Techniques} dominant ways of blocking at {mechanism.Blocking} blocking providers, entropy {mechanism.Entropy:0.00} bits; two providers have {mechanism.Overlap:0.00} of their ways in common, {mechanism.RareOverlap:0.00} counting only marks that identify a device. {mechanism.Sharing} of {mechanism.Blocking} show a mark of two others or more{Marks(mechanism)}."), mechanism.Likelihood);
        if (onsets.Targets > 0)
            yield return new("onset", Text($"{onsets.Targets} targets became blocked at two providers or more while they were watched; median spread {onsets.SpreadHours:0.0} h. That alone decides nothing."), onsets.Likelihood);
        if (place.Located + place.InPath + place.AtResolver > 0)
            yield return new("place", Text($"{place.Located} providers located: {place.Own} inside their own network, {place.Common} in a common one{(place.CommonAsn is { } asn ? $" (AS{asn})" : "")}; false DNS answers come from the path at {place.InPath} and from the provider's resolver at {place.AtResolver} providers."), place.Likelihood);
    }

    static string Marks(MechanismAgreement mechanism) => mechanism.Shared.Count == 0 ? ""
        : ": " + string.Join("; ", mechanism.Shared.Take(3).Select(s => $"{s.Mark} at {s.Isps}"));

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
