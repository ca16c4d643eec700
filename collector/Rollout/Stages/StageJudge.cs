using System.Globalization;

namespace ProbeNet.Collector.Rollout.Stages;

/// <summary>Goes on, waits or halts, from what is known of every agent. Pure.</summary>
static class StageJudge
{
    // One release makes at most four comparisons at five stages and four looks each: together they halt a good one in 4 % of cases.
    const double Alpha = 0.0005;

    // In a fleet too small for that, something that doubled is enough.
    const double SmallAlpha = 0.02;
    const double Doubled = 2;
    const int ToCompareWithItself = 2;

    // Whatever chance says, less than this is no reason to halt.
    const double LongerRuns = 1.25;
    const double MoreBytes = 1.25;
    const double MoreFailures = 0.05;
    const double MoreSilence = 0.02;

    /// <summary>Refusals that a machine's own state explains: a full disk, a clock that was set.</summary>
    static readonly HashSet<string> Natural = new(StringComparer.Ordinal) { "list_not_kept", "root_expired", "releases_expired", "list_expired" };

    /// <summary>Parts of the soak at which agents are compared; between them it is only seen whether something failed outright.</summary>
    static readonly double[] Looks = [0.25, 0.5, 1];

    /// <returns>How many looks are due by then.</returns>
    public static int LooksDue(TimeSpan elapsed, TimeSpan soak) => Looks.Count(part => elapsed >= soak * part);

    /// <param name="look">Compare now; else only refusals count.</param>
    public static StageVerdict Judge(Stage stage, TimeSpan elapsed, bool look, IReadOnlyCollection<AgentEvidence> agents, RolloutRules rules)
    {
        var admitted = agents.Where(agent => agent.Admitted).ToList();
        var applied = admitted.Where(agent => agent.Applied).ToList();
        var measuring = applied.Count(agent => Counts(agent.Now, rules));
        var comparisons = look ? Compare(agents, rules).ToList() : [];
        var verdict = new StageVerdict(
            StageDecision.Wait, "", admitted.Count, applied.Count, admitted.Count(agent => agent.Refusal.Length > 0), admitted.Count(agent => agent.Silent), measuring, comparisons);

        if (admitted.Find(agent => agent.Refusal.Length > 0 && !Natural.Contains(agent.Refusal)) is { } refused)
            return Halt(verdict, $"an agent of AS{refused.Asn} did not take it: {refused.Refusal}");
        if (comparisons.Find(comparison => comparison.Worse) is { } worse)
            return Halt(verdict, Describe(worse));
        if (admitted.Count == 0)
            return verdict with { Decision = StageDecision.Promote };
        var soak = rules.Soak[stage];
        if (elapsed < soak)
            return Wait(verdict, string.Create(CultureInfo.InvariantCulture, $"at least {soak:d\\.hh\\:mm\\:ss} at this stage"));
        var heard = admitted.Where(agent => !agent.Silent).ToList();
        if (heard.Count(agent => agent.Applied) < rules.AppliedShare * heard.Count)
            return Wait(verdict, $"{heard.Count(agent => agent.Applied)} of {heard.Count} have taken it");
        // Before everybody has it, agents must have measured with it; afterwards there is nobody left to compare with.
        if (stage != Stage.All && measuring < rules.MeasuringShare * applied.Count)
            return Wait(verdict, $"{measuring} of {applied.Count} have measured enough with it");
        // What was measured since the last look is compared before more agents get the list; when all have it, with nobody any more.
        return look || stage == Stage.All ? verdict with { Decision = StageDecision.Promote, Reason = "" } : Judge(stage, elapsed, look: true, agents, rules);
    }

    static IEnumerable<Comparison> Compare(IReadOnlyCollection<AgentEvidence> agents, RolloutRules rules)
    {
        var isps = agents.Where(agent => agent.Applied || !agent.Admitted).GroupBy(agent => agent.Asn).OrderBy(isp => isp.Key)
            .Select(isp => (First: isp.Where(agent => agent.Applied).ToList(), Second: isp.Where(agent => !agent.Applied).ToList()))
            .Where(isp => isp.First.Count > 0).ToList();
        yield return Silence(isps);
        yield return Means("run time", isps, rules, means => means.Milliseconds, LongerRuns);
        yield return Means("bytes a run", isps, rules, means => means.Bytes, MoreBytes);
        yield return Failures(isps, rules);
    }

    static Comparison Silence(List<(List<AgentEvidence> First, List<AgentEvidence> Second)> isps)
    {
        var compared = isps.Where(isp => isp.Second.Count > 0).ToList();
        var p = Strata.Counts(compared.Select(isp => (isp.First.Count, isp.First.Count(agent => agent.Silent), isp.Second.Count, isp.Second.Count(agent => agent.Silent))));
        var (first, second) = (Share(compared.SelectMany(isp => isp.First)), Share(compared.SelectMany(isp => isp.Second)));
        return new("silence", first, second, p, p <= Alpha && first - second >= MoreSilence);
    }

    static Comparison Means(
        string of, List<(List<AgentEvidence> First, List<AgentEvidence> Second)> isps, RolloutRules rules, Func<RunMeans, double> value, double factor)
    {
        var strata = isps.Select(isp => (First: Values(isp.First, rules, value), Second: Values(isp.Second, rules, value))).ToList();
        var compared = strata.Where(isp => isp.First.Count > 0 && isp.Second.Count > 0).ToList();
        var p = Strata.Ranks(compared.Select(isp => ((IReadOnlyList<double>)isp.First, (IReadOnlyList<double>)isp.Second)));
        var (first, second) = (Median(compared.SelectMany(isp => isp.First)), Median(compared.SelectMany(isp => isp.Second)));
        var worse = (p <= Alpha && first >= second * factor) || (p <= SmallAlpha && first >= second * Doubled);
        return worse ? new(of, first, second, p, true) : WithItself(of, isps, rules, value) ?? new(of, first, second, p, false);
    }

    // Where nobody of a provider stayed behind (the operator's own agents above all), an agent is compared with itself before.
    static Comparison? WithItself(
        string of, List<(List<AgentEvidence> First, List<AgentEvidence> Second)> isps, RolloutRules rules, Func<RunMeans, double> value)
    {
        var pairs = isps.SelectMany(isp => isp.First).Where(agent => agent.Own && Counts(agent.Now, rules) && Counts(agent.Before, rules))
            .Select(agent => (Now: value(agent.Now!.Value), Before: value(agent.Before!.Value))).ToList();
        // All of them at least doubled.
        return pairs.Count >= ToCompareWithItself && pairs.TrueForAll(pair => pair.Now >= pair.Before * Doubled)
            ? new(of, Median(pairs.Select(pair => pair.Now)), Median(pairs.Select(pair => pair.Before)), Math.Pow(0.5, pairs.Count), true)
            : null;
    }

    static Comparison Failures(List<(List<AgentEvidence> First, List<AgentEvidence> Second)> isps, RolloutRules rules)
    {
        var strata = isps.Select(isp => (First: Values(isp.First, rules, means => means.Failed), Second: Values(isp.Second, rules, means => means.Failed)))
            .Where(isp => isp.First.Count > 0 && isp.Second.Count > 0).ToList();
        var p = Strata.Ranks(strata.Select(isp => ((IReadOnlyList<double>)isp.First, (IReadOnlyList<double>)isp.Second)));
        var (first, second) = (Mean(strata.SelectMany(isp => isp.First)), Mean(strata.SelectMany(isp => isp.Second)));
        return new("failed runs of inputs that both have", first, second, p, p <= Alpha && first - second >= MoreFailures);
    }

    static List<double> Values(IEnumerable<AgentEvidence> agents, RolloutRules rules, Func<RunMeans, double?> value) =>
        [.. agents.Where(agent => Counts(agent.Now, rules)).Select(agent => value(agent.Now!.Value)).Where(one => one is not null).Select(one => one!.Value)];

    static List<double> Values(IEnumerable<AgentEvidence> agents, RolloutRules rules, Func<RunMeans, double> value) =>
        Values(agents, rules, means => (double?)value(means));

    static bool Counts(RunMeans? means, RolloutRules rules) => means is { } known && known.Runs >= rules.RunsOfAnAgent;

    static double Share(IEnumerable<AgentEvidence> agents) => Mean(agents.Select(agent => agent.Silent ? 1.0 : 0));

    static double Mean(IEnumerable<double> values) => values.DefaultIfEmpty(0).Average();

    static double Median(IEnumerable<double> values)
    {
        var ordered = values.Order().ToArray();
        return ordered.Length == 0 ? 0 : (ordered[(ordered.Length - 1) / 2] + ordered[ordered.Length / 2]) / 2;
    }

    /// <summary>In words, for people.</summary>
    public static string Describe(Comparison comparison) => string.Create(CultureInfo.InvariantCulture,
        $"{comparison.Of}: {comparison.New:0.###} on the new list, {comparison.Old:0.###} on the old one (p {comparison.PValue:0.#####})");

    static StageVerdict Halt(StageVerdict verdict, string reason) => verdict with { Decision = StageDecision.Halt, Reason = reason };

    static StageVerdict Wait(StageVerdict verdict, string reason) => verdict with { Reason = reason };
}
