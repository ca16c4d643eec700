using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Analysis.Cells;

/// <summary>What fixed and mobile lines say each by itself: one network may have two policies (reference, Cambodia 3.1).</summary>
sealed record AccessSplit(CellTally Fixed, CellTally Mobile)
{
    /// <returns>Null unless both kinds of line say anything in the stretch.</returns>
    public static AccessSplit? Of(Stretch stretch, CellRules rules, double baseline)
    {
        CellTally TallyOf(Access access)
        {
            var own = stretch with { Sights = [.. stretch.Sights.Where(s => s.Access == access)] };
            return new(own, UnitCase.Of(own, rules.Sustained, baseline), baseline);
        }
        if (!stretch.Sights.Any(s => s.Access == Access.Mobile) || !stretch.Sights.Any(s => s.Access == Access.Fixed))
            return null;
        var split = new AccessSplit(TallyOf(Access.Fixed), TallyOf(Access.Mobile));
        return split.Fixed.Scored == 0 || split.Mobile.Scored == 0 ? null : split;
    }

    /// <summary>One kind shows interference and the other excludes it.</summary>
    public bool Differs => Blocked is not null;

    /// <summary>The only kind of line on which it is blocked; null where both or neither are.</summary>
    public Access? Blocked => Fixed.PassesBar && Mobile.Posterior <= Evidence.Excluded ? Access.Fixed
        : Mobile.PassesBar && Fixed.Posterior <= Evidence.Excluded ? Access.Mobile : null;

    public static string Word(Access access) => access switch { Access.Fixed => "fixed", Access.Mobile => "mobile", _ => "unknown" };

    /// <returns>"fixed", "mobile", "both" or "unknown".</returns>
    public static string Word(IEnumerable<Access> seen) =>
        seen.Where(a => a is Access.Fixed or Access.Mobile).Distinct().ToArray() switch { [] => "unknown", [var one] => Word(one), _ => "both" };
}
