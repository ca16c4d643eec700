using System.Globalization;
using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Analysis.Trust;

/// <summary>What one unit saw of a target in the days under review.</summary>
/// <param name="Reached">Measurements that reached it.</param>
sealed record UnitSaying(string Cc, long Asn, string Target, UnitTag Unit, UnitTag Group, int Interference, int Scored, int Reached)
{
    public bool SaysBlocked => Interference * 2 >= Scored;
}

enum Trustworthiness
{
    Trusted,
    /// <summary>It disagrees with the others: it counts, but never as established.</summary>
    Doubtful,
    /// <summary>It told what cannot be true: it counts nowhere.</summary>
    SetAside,
}

/// <param name="Reason">One English sentence with its figures; empty for the trusted.</param>
sealed record UnitReview(UnitTag Unit, Trustworthiness Result, string Reason);

/// <summary>Which units say what the others, or known answers, contradict. A pure function.</summary>
static class UnitReviews
{
    // Cells of a unit's provider that two other groups or more decide alike.
    const int FewestGroups = 2;
    const int FewestCompared = 10;
    const int FewestAgainst = 4;
    const double MostAgainst = 0.2;

    // One lost packet is no lie.
    const int FewestRuns = 3;

    /// <summary>Every unit of the sayings, in order of its tag.</summary>
    public static IReadOnlyList<UnitReview> Of(IReadOnlyList<UnitSaying> sayings, IReadOnlyDictionary<string, CanaryAnswer> canaries)
    {
        var cells = sayings.Where(s => s.Scored > 0).ToLookup(s => (s.Cc, s.Asn, s.Target));
        return [.. sayings.GroupBy(s => s.Unit).OrderBy(g => g.Key).Select(unit => Of(unit.Key, [.. unit], cells, canaries))];
    }

    static UnitReview Of(UnitTag unit, UnitSaying[] own, ILookup<(string, long, string), UnitSaying> cells, IReadOnlyDictionary<string, CanaryAnswer> canaries)
    {
        UnitSaying[] invented = [.. own.Where(s => canaries.TryGetValue(s.Target, out var answer) && answer == CanaryAnswer.Dead && s.Reached > 0)];
        if (invented.Length > 0)
            return new(unit, Trustworthiness.SetAside, Text($"it says to have reached {invented.Sum(s => s.Reached)} times what nobody can reach ({invented.Length} canary targets)"));
        UnitSaying[] denied = [.. own.Where(s => canaries.TryGetValue(s.Target, out var answer) && answer == CanaryAnswer.Open && s.Scored >= FewestRuns && s.SaysBlocked && OthersOf(s, cells) == false)];
        if (denied.Length > 0)
            return new(unit, Trustworthiness.SetAside, Text($"it sees {denied.Length} canary targets blocked that are open for two groups or more beside it"));
        var compared = own.Where(s => s.Scored > 0).Select(s => (s.SaysBlocked, Others: OthersOf(s, cells))).Where(s => s.Others is not null).ToArray();
        var against = compared.Count(s => s.SaysBlocked != s.Others);
        return compared.Length >= FewestCompared && against >= FewestAgainst && against > MostAgainst * compared.Length
            ? new(unit, Trustworthiness.Doubtful, Text($"it disagrees in {against} of {compared.Length} cells with two groups or more that agree"))
            : new(unit, Trustworthiness.Trusted, "");
    }

    /// <returns>What the other groups of the provider say, where two or more say the same and none otherwise; else null.</returns>
    static bool? OthersOf(UnitSaying saying, ILookup<(string, long, string), UnitSaying> cells)
    {
        var others = cells[(saying.Cc, saying.Asn, saying.Target)].Where(s => s.Group != saying.Group).GroupBy(s => s.Group)
            .Select(g => g.Count(s => s.SaysBlocked) * 2 >= g.Count()).ToArray();
        return others.Length >= FewestGroups && others.All(o => o == others[0]) ? others[0] : null;
    }

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
