using ProbeNet.Collector.Rollout.Stages;

namespace ProbeNet.Collector.Rollout;

/// <summary>Rollouts as the operator sees them: in a terminal, over REST and on the page alike.</summary>
sealed class RolloutReading(RolloutTable rollouts, FleetTable fleet, TimeProvider time)
{
    /// <param name="list">Null: all lists.</param>
    /// <param name="superseded">Also those that another version has overtaken.</param>
    public async Task<IReadOnlyList<RolloutView>> ReadAsync(string? list, bool superseded, CancellationToken ct)
    {
        var rows = (await rollouts.ReadAsync(list, ct)).Where(row => superseded || row.Spread.State != RolloutState.Superseded).ToList();
        if (rows.Count == 0)
            return [];
        var (agents, now) = (await fleet.ReadAsync(ct), time.GetUtcNow());
        return [.. rows.Select(row => View(row, [.. agents.Where(agent => row.IsFor(agent.Traits))], now))];
    }

    static RolloutView View(RolloutRow row, List<AgentStanding> meant, DateTimeOffset now)
    {
        bool Admits(AgentStanding agent) => row.Spread.Admission.Admits(agent.Traits, row.Spread.Rollout);
        var running = row.Spread.State is RolloutState.Running or RolloutState.Paused or RolloutState.Halted;
        var comparisons = running
            ? StageJudge.Judge(row.Stage, now - row.StageSince, look: true, [.. meant.Select(agent => agent.Evidence(row.List, row.Version, Admits(agent), now))], new()).Comparisons
            : [];
        return new(
            row.List, row.Version, row.Entries, row.Spread.State, row.Stage, row.StageSince, row.Reason, row.Emergency, row.Reverts, row.TargetCc, row.TargetAsn,
            row.Spread.HeldCc.ToList(), row.Spread.HeldAsn.ToList(), row.Released, row.Expires, meant.Count(Admits), RolloutCounts.Of(row, meant, now),
            [.. meant.GroupBy(agent => (agent.Traits.Cc, agent.Traits.Asn)).OrderBy(isp => isp.Key).Select(isp => new IspRollout(isp.Key.Cc, isp.Key.Asn, RolloutCounts.Of(row, [.. isp], now)))],
            [.. meant.Where(agent => agent.Refused(row.List, row.Version)).GroupBy(agent => agent.Refusal).OrderByDescending(reason => reason.Count()).Select(reason => new RefusalCount(reason.Key, reason.Count()))],
            comparisons);
    }
}
