using System.Globalization;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Protos.Identifiers;

namespace ProbeNet.Collector.Analysis.Cells;

/// <summary>Tests the contract's conditions in turn and writes down each as it is tested.</summary>
sealed class ReasoningWriter(CellTally tally, CellRules rules)
{
    static readonly string[] ByDiscards = [DiscardReasons.ReferencesFailed, DiscardReasons.NetworkDown, DiscardReasons.NoControl];

    const double Half = 0.5;

    readonly List<ReasoningStep> _steps = [];

    /// <summary>Why nothing can be said; null when enough was measured.</summary>
    public string? Floor()
    {
        var dominant = ByDiscards.OrderByDescending(r => tally.Discarded.GetValueOrDefault(r)).First();
        var discarded = tally.Discarded.GetValueOrDefault(dominant);
        var enough = tally.Runs >= CellJudge.FloorRuns;
        var newcomers = tally.Units.Where(u => u.Group == Seniority.Newcomers).ToArray();
        if (newcomers.Length > 0)
            Write("newcomers", true, $"{UnitCase.Certain(newcomers)} volunteer(s) came in the last {Day.PerEpoch} days or disagree with the others elsewhere; as established ones looked too, they weigh as one group together.");
        Write("floor", enough, $"{Runs(tally.Runs)} of {tally.Volunteers} volunteer(s) count, {CellJudge.FloorRuns} are needed; {tally.Discarded.Values.Sum()} more prove nothing{Because()}.");
        if (!enough)
            return discarded > 0 && discarded >= tally.Runs ? dominant : InsufficientReasons.BelowFloor;
        // Where no control speaks, a success proves itself and a failure is thrown away: what is left would always look well.
        if (tally.Discarded.GetValueOrDefault(DiscardReasons.NoControl) > tally.Runs)
            return InsufficientReasons.NoControl;
        if (tally.Volunteers > 1)
            return null;
        Write("volunteers", tally.Witnesses.Count > 0, tally.Witnesses.Count > 0
            ? "Only one volunteer looked, and something is wrong there." : "Only one volunteer looked, and nothing is wrong there: one home says nothing about a provider.");
        return tally.Witnesses.Count > 0 ? null : InsufficientReasons.OneVolunteer;
    }

    public bool Suspicion()
    {
        Write("evidence", tally.PassesBar, string.Create(CultureInfo.InvariantCulture,
            $"{tally.Interference} of {tally.Scored} measurements show interference; {UnitCase.Certain(tally.Witnesses)} of {tally.Volunteers} volunteer(s) by themselves speak for blocking and {UnitCase.Certain(tally.Clean)} clearly against; probability of blocking {tally.Posterior:0.000}, likely from {Evidence.Likely:0.00}, excluded up to {Evidence.Excluded:0.00}."));
        if (UnitCase.Certain(tally.Witnesses) == 1)
            return Write("witnesses", true, "Something is off, but only one volunteer saw it.");
        if (UnitCase.Certain(tally.Witnesses) >= 2 && !tally.PassesBar && tally.HasMinority)
            return Write("minority", true, $"{UnitCase.CertainGroups(tally.Witnesses)} group(s) of volunteers see something that {UnitCase.CertainGroups(tally.Clean)} beside them clearly do not: a fault or falsehood of the few explains it as well.");
        var between = tally.Interference > 0 && tally.Posterior > Evidence.Excluded && !tally.PassesBar && !tally.Conflicting;
        return between && Write("between", true, "The evidence lies between the bars.");
    }

    public bool Down()
    {
        var down = tally.Count(Outcome.Down);
        return down > 0 && tally.Scored == 0
            && Write("down", true, $"In {Runs(down)} of {tally.Volunteers} volunteers the site failed at two controls in different networks too, and no volunteer reached it.");
    }

    public bool Refused()
    {
        var refused = tally.Count(Outcome.Refused);
        return tally.ShareOf(Outcome.Refused) > Half && UnitCase.Certain(tally.Witnesses) < 2
            && Write("refused", true, $"In {refused} of {tally.Scored} measurements the server itself turned the visitor away.");
    }

    /// <summary>The conditions of "blocked" beyond the evidence.</summary>
    public bool Blocked()
    {
        var able = tally.Witnesses.Where(u => u.IsBound).ToArray();
        Write("bound", UnitCase.CertainGroups(able) >= 2,
            $"{UnitCase.Certain(able)} of {UnitCase.Certain(tally.Witnesses)} volunteers who saw it are on a network that the collector itself observed.");
        var lasting = able.Where(u => u.Sustained).ToArray();
        Write("sustained", UnitCase.Certain(lasting) >= 2,
            $"{UnitCase.Certain(lasting)} of {UnitCase.Certain(able)} saw it for {Span(rules.Sustained)} or longer.");
        var independent = UnitCase.CertainGroups(lasting);
        Write("independence", independent >= 2, $"They belong to {independent} group(s) of volunteers; two are needed.");
        var stands = tally.WithoutAnyGroup >= Half;
        Write("groups", stands, string.Create(CultureInfo.InvariantCulture, $"Without any one group of those who saw it the others alone make it {tally.WithoutAnyGroup:0.000} probable or more; {Half:0.00} is needed."));
        var proven = Proven(lasting);
        Write("artefact", proven is not null, proven ?? "No artefact that two independent volunteers support: injected or false answer, false certificate, blockpage, positive server name comparison or resolver contradiction in two homes.");
        return independent >= 2 && stands && proven is not null;
    }

    public bool Throttled()
    {
        var slow = tally.Count(Outcome.Slow);
        return tally.ShareOf(Outcome.Slow) > Half && Write("throttled", true, $"{slow} of {tally.Scored} measurements were slower than the reference on their path.");
    }

    public bool Mixed() => UnitCase.Certain(tally.Witnesses) >= 2
        && Write("mixed", true, $"{UnitCase.Certain(tally.Witnesses)} volunteers see interference and {UnitCase.Certain(tally.Clean)} do not: inconsistent within the provider.");

    /// <param name="split">Null where only one kind of line says anything.</param>
    public void Access(AccessSplit? split)
    {
        if (split is not null)
            Write("access", !split.Differs, string.Create(CultureInfo.InvariantCulture, $"On fixed lines {Seen(split.Fixed)}; on mobile lines {Seen(split.Mobile)}."));
    }

    static string Seen(CellTally tally) => string.Create(CultureInfo.InvariantCulture,
        $"{tally.Interference} of {tally.Scored} measurements show interference, {UnitCase.Certain(tally.Witnesses)} of {tally.Volunteers} volunteer(s) speak for blocking, probability {tally.Posterior:0.000}");

    public Reasoning Finish(Cell cell)
    {
        if (cell.State == CellState.Ok)
            Write("reachable", true, $"Reachable: {tally.InterferenceRuns} of {Runs(tally.Runs)} show interference.");
        if (cell.Interval is { } share)
            Write("share", true, string.Create(CultureInfo.InvariantCulture,
                $"{tally.InterferenceRuns} of {Runs(tally.Runs)} show interference; as homes agree with themselves they weigh as {tally.EffectiveRuns:0.0}: 95 % interval {share.Low:0.00} to {share.High:0.00}. Where nothing blocks the site, {tally.Baseline:0.000} of measurements fail."));
        Write("change", cell.Changed, cell.Changed
            ? "The state changed in the window; only what was measured since then counts."
            : "No change in the window: its start is no onset.");
        return new([.. _steps]);
    }

    /// <summary>
    /// An artefact counts when a second home of another group saw the same layer fail, so that one false or forged sight
    /// decides nothing; a resolver contradiction needs two homes of its own.
    /// </summary>
    static string? Proven(IReadOnlyList<UnitCase> units)
    {
        var contradicting = units.Where(u => u.BoundArtefacts.Contains(Artefacts.ResolverContradiction, StringComparer.Ordinal)).ToArray();
        foreach (var unit in units)
        {
            var hard = unit.BoundArtefacts.Where(a => a != Artefacts.ResolverContradiction).ToArray();
            if (hard.Length > 0 && units.Any(o => o.Epochs.Intersect(unit.Epochs).Any() && o.Group != unit.Group && o.BoundLayers.Intersect(unit.BoundLayers, StringComparer.Ordinal).Any()))
                return $"Artefact: {string.Join(", ", hard)}; a volunteer of another group saw the same layer fail.";
        }
        return UnitCase.CertainGroups(contradicting) >= 2
            ? $"Resolver contradiction in {UnitCase.Certain(contradicting)} homes: the provider's resolver denies or falsifies the name, an address from elsewhere holds a valid certificate." : null;
    }

    string Because() => tally.Discarded.Count == 0 ? "" : " (" + string.Join(", ",
        tally.Discarded.OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => $"{d.Key}: {d.Value}")) + ")";

    static string Runs(int count) => count == 1 ? "1 run" : $"{count} runs";

    static string Span(TimeSpan span) => span.ToString("c", CultureInfo.InvariantCulture);

    bool Write(string code, bool holds, string text)
    {
        _steps.Add(new(code, holds, text));
        return holds;
    }
}
