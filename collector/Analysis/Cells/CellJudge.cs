using ProbeNet.Collector.Analysis.Findings;

namespace ProbeNet.Collector.Analysis.Cells;

/// <param name="Sustained">How far apart a unit's first and last sight must be for "blocked".</param>
sealed record CellRules(TimeSpan Sustained)
{
    public static CellRules Default { get; } = new(TimeSpan.FromHours(2));
}

/// <summary>A cell and how it was judged.</summary>
sealed record CellVerdict(Cell Cell, Stretch Stretch, IReadOnlyList<UnitCase> Units, Reasoning Reasoning);

/// <summary>The state of a cell from its unit days: the first of the contract's that applies. A pure function.</summary>
static class CellJudge
{
    /// <summary>Runs below which nothing is said (contract 2).</summary>
    public const int FloorRuns = 3;

    /// <summary>A cell that nobody measured in the window.</summary>
    public static CellVerdict Unmeasured(string cc, string target, long asn, bool agentsThere)
    {
        var reason = agentsThere ? InsufficientReasons.NotOnList : InsufficientReasons.NoAgents;
        var cell = new Cell { Cc = cc, Target = target, Asn = asn, State = CellState.Insufficient, Reason = reason };
        return new(cell, new([], null, false), [], new([new("measured", false, agentsThere
            ? "Volunteers of this provider measured in the window, but none measured this site."
            : "No volunteer of this provider measured anything in the window.")]));
    }

    /// <param name="days">Those of the window, at least one; of one country, target and ASN.</param>
    /// <param name="baseline">Share of failures of the target where nothing blocks it.</param>
    public static CellVerdict Judge(IReadOnlyList<UnitDay> days, CellRules rules, double baseline = Evidence.Baseline)
    {
        days = Seniority.Of(days);
        var stretch = Stretch.Latest(days);
        var units = UnitCase.Of(stretch, rules.Sustained, baseline);
        var tally = new CellTally(stretch, units, baseline);
        var reasons = new ReasoningWriter(tally, rules);
        var (state, reason) = StateOf(tally, reasons);
        var access = AccessSplit.Of(stretch, rules, baseline);
        reasons.Access(access);
        Func<Sight, bool> shows = state is CellState.Blocked or CellState.LikelyBlocked or CellState.Suspected or CellState.Mixed
            ? s => s.Outcome.IsInterference() : s => s.Outcome != Outcome.Discarded;
        var hop = state is CellState.Blocked or CellState.LikelyBlocked ? HopOf(units) : null;
        var cell = new Cell
        {
            Cc = days[0].Cc,
            Target = days[0].Target,
            Asn = days[0].Asn,
            State = state,
            Reason = reason,
            Mechanisms = CellMechanisms.Of(units, shows),
            Locus = LocusOf(state),
            HopAsn = hop,
            Units = tally.Volunteers,
            Groups = tally.Groups,
            Runs = tally.Runs,
            InterferenceRuns = tally.InterferenceRuns,
            DiscardedRuns = tally.Discarded.Values.Sum(),
            Interval = tally.Interval,
            Posterior = tally.Scored > 0 ? tally.Posterior : null,
            Since = stretch.Since,
            Changed = stretch.Changed,
            Access = state is CellState.Blocked or CellState.LikelyBlocked && access?.Blocked is { } only ? AccessSplit.Word(only) : AccessSplit.Word(days.Select(d => d.Access)),
            Witness = WitnessOf(days, stretch, state),
        };
        return new(cell, stretch, units, reasons.Finish(cell));
    }

    static (CellState State, string? Reason) StateOf(CellTally tally, ReasoningWriter reasons)
    {
        if (reasons.Floor() is { } reason)
            return (CellState.Insufficient, reason);
        if (reasons.Suspicion())
            return (CellState.Suspected, null);
        if (reasons.Down())
            return (CellState.Down, null);
        if (reasons.Refused())
            return (CellState.Refused, null);
        if (tally.PassesBar)
            return (reasons.Blocked() ? CellState.Blocked : CellState.LikelyBlocked, null);
        if (reasons.Throttled())
            return (CellState.Throttled, null);
        return (reasons.Mixed() ? CellState.Mixed : CellState.Ok, null);
    }

    // A false answer in several homes is no home router's.
    static string LocusOf(CellState state) => state switch
    {
        CellState.Blocked or CellState.LikelyBlocked or CellState.Throttled => Loci.Network,
        CellState.Down or CellState.Refused => Loci.Server,
        _ => Loci.Unknown,
    };

    /// <summary>Where most of the groups whose homes located it found it; null when none did or they disagree.</summary>
    static long? HopOf(IReadOnlyList<UnitCase> units)
    {
        var found = units.GroupBy(u => u.Group).Select(group => group.SelectMany(u => u.Sights).Where(s => s.HopAsn is not null && s.Outcome.IsInterference()).GroupBy(s => s.HopAsn!.Value)
                .OrderByDescending(g => g.Count()).ThenBy(g => g.Key).FirstOrDefault()?.Key)
            .OfType<long>().GroupBy(asn => asn).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).ToArray();
        return found.Length > 0 && found[0].Count() * 2 > found.Sum(g => g.Count()) ? found[0].Key : null;
    }

    static Guid? WitnessOf(IReadOnlyList<UnitDay> days, Stretch stretch, CellState state)
    {
        if (stretch.Sights.Count == 0)
            return null;
        var first = DateOnly.FromDateTime(stretch.Sights[0].Sight.Time.UtcDateTime);
        var interference = state is CellState.Blocked or CellState.LikelyBlocked or CellState.Suspected or CellState.Mixed;
        return days.Where(d => d.Day >= first)
            .OrderByDescending(d => interference ? (d.Artefacts.Any() ? 2 : 0) + (d.Interference > 0 ? 1 : 0) : d.Interference == 0 ? 1 : 0)
            .ThenByDescending(d => d.Day).ThenBy(d => d.Unit).FirstOrDefault()?.Witness;
    }
}
