using System.Globalization;
using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Analysis.Attribution;

/// <summary>From the cells of a country to a verdict. A pure function.</summary>
static class AttributionJudge
{
    // Floors of the contract (section 2).
    const int FloorIsps = 3;
    const int FloorTargets = 20;
    const int FloorBlocked = 10;

    public static CountryVerdict Judge(IReadOnlyList<CellVerdict> verdicts, IReadOnlyDictionary<string, string> categories)
    {
        var table = BlockTable.Of(verdicts, categories);
        var place = PlaceAgreement.Of(table.Isps);
        var onsets = OnsetAgreement.Of(verdicts, table);
        var coverage = new AttributionCoverage(table.IspsSeen, table.Isps.Count, table.TargetsSeen, table.Targets.Count, table.BlockedTargets, place.Located, onsets.Targets);
        var floor = coverage is { ComparedIsps: >= FloorIsps, CommonTargets: >= FloorTargets, BlockedTargets: >= FloorBlocked };
        if (coverage is { ComparedIsps: < 2 } or { BlockedTargets: 0 })
            return new(Organisations.Insufficient, true, null, new(0.25, 0.25, 0.25, 0.25), null,
                new(null, null, null, null, null, null, null, null), [Floor(coverage, floor)], coverage, []);
        var list = ListAgreement.Of(table);
        var mechanism = MechanismAgreement.Of(table.Isps);
        var posterior = (list.Likelihood + mechanism.Likelihood + onsets.Likelihood + place.Likelihood).Posterior();
        var headline = floor ? Headline.Of(table, list, onsets) : null;
        var components = new AttributionComponents(
            list.Alpha is { } alpha ? Math.Max(0, alpha) : null, mechanism.RareOverlap, onsets.Synchrony,
            place.Located == 0 ? null : (double)place.Common / place.Located, list.Jaccard, mechanism.Overlap, mechanism.Entropy, list.PValue);
        return new(headline?.Word ?? Organisations.Insufficient, !floor, LeaningOf(posterior), posterior, ScoreOf(components), components,
            [Floor(coverage, floor), .. EvidenceOf(list, mechanism, onsets, place), .. GroupsOf(headline)], coverage, TargetJudge.Of(table, verdicts));
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

    static IEnumerable<AttributionEvidence> GroupsOf(Headline? headline)
    {
        if (headline is not null)
            yield return new("groups", headline.Word == headline.WithAll
                ? "It was judged again without each group of volunteers in turn, and rests on none of them."
                : $"All volunteers together would have it \"{headline.WithAll}\"; without one of their groups it would not be, so that less is said.", null);
    }

    static string Marks(MechanismAgreement mechanism) => mechanism.Shared.Count == 0 ? ""
        : ": " + string.Join("; ", mechanism.Shared.Take(3).Select(s => $"{s.Mark} at {s.Isps}"));

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
