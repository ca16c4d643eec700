namespace ProbeNet.Collector.Analysis.Cells;

/// <summary>
/// Whoever came in the last thirty days weighs as one group together, whatever groups they say they are of, where established volunteers of the
/// provider looked at the target too: many can enrol in a week, but nobody can have been there before. Where all are new, nothing
/// changes.
/// </summary>
static class Seniority
{
    /// <summary>The group of all newcomers.</summary>
    public static readonly UnitTag Newcomers = new("newcomers"u8);

    /// <param name="days">Of one provider: a target's, or all.</param>
    public static IReadOnlyList<UnitDay> Of(IReadOnlyList<UnitDay> days)
    {
        if (days.All(d => d.Established))
            return days;
        var established = days.Where(d => d.Established && d.Scored > 0).Select(d => d.Unit).ToHashSet();
        return established.Count == 0 ? days
            : [.. days.Select(d => d.Established || established.Contains(d.Unit) ? d : d with { Group = Newcomers })];
    }
}
