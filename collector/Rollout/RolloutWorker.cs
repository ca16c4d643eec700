using System.Net.Sockets;
using Npgsql;
using ProbeNet.Collector.Fleet.Lists;
using ProbeNet.Collector.Rollout.Stages;

namespace ProbeNet.Collector.Rollout;

/// <summary>Looks at every release on its way, and takes it on or halts it. One process of a collector does so at a time.</summary>
sealed partial class RolloutWorker(
    NpgsqlDataSource store, RolloutTable rollouts, FleetTable fleet, AdoptionTable adoption, RolloutRules rules, TimeProvider time, ILogger<RolloutWorker> logger)
    : BackgroundService
{
    // Any number: advisory locks of this database that nobody else takes.
    const long Turn = 0x726F6C6C6F7574;

    static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception e) when (e is NpgsqlException or SocketException or TimeoutException or IOException)
            {
                StoreAway(logger, e.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>One look at all releases.</summary>
    public async Task LookAsync(CancellationToken ct)
    {
        await using var connection = await store.OpenConnectionAsync(ct);
        await using var mine = new NpgsqlCommand("select pg_try_advisory_lock($1)", connection) { Parameters = { new() { Value = Turn } } };
        if (await mine.ExecuteScalarAsync(ct) is not true)
            return;
        try
        {
            var running = (await rollouts.ReadAsync(null, ct)).Where(row => row.Spread.State == RolloutState.Running).ToList();
            if (running.Count == 0)
                return;
            var agents = await fleet.ReadAsync(ct);
            foreach (var row in running)
                await LookAsync(row, agents, ct);
        }
        finally
        {
            await using var done = new NpgsqlCommand("select pg_advisory_unlock($1)", connection) { Parameters = { new() { Value = Turn } } };
            await done.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    async Task LookAsync(RolloutRow row, IReadOnlyList<AgentStanding> agents, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        var meant = agents.Where(agent => row.IsFor(agent.Traits)).ToList();
        await adoption.NoteAsync(row, meant, ct);
        var elapsed = now - row.StageSince;
        var due = StageJudge.LooksDue(elapsed, rules.Soak[row.Stage]);
        var evidence = meant.Select(agent => agent.Evidence(row.List, row.Version, row.Spread.Admission.Admits(agent.Traits, row.Spread.Rollout), now)).ToList();
        var verdict = StageJudge.Judge(row.Stage, elapsed, look: due > row.Looks, evidence, rules);
        switch (verdict.Decision)
        {
            case StageDecision.Halt:
                await rollouts.HaltAsync(row.List, row.Version, ListAudit.Collector, RolloutState.Halted, verdict.Reason, ct);
                Halted(logger, row.List, row.Version, verdict.Reason);
                break;
            case StageDecision.Promote:
                var volunteers = meant.Where(agent => !agent.Traits.Own).Select(agent => agent.Traits).ToList();
                var next = Admission.After(row.Stage, volunteers.Count);
                await rollouts.PromoteAsync(row, next, next is { } stage ? Admission.Of(stage, row.Spread.Rollout, volunteers, row.Spread.Admission) : Admission.OfEverybody, ct);
                Promoted(logger, row.List, row.Version, next?.ToString() ?? "complete", string.Join("; ", verdict.Comparisons.Select(StageJudge.Describe)));
                break;
            case StageDecision.Wait when due != row.Looks || verdict.Reason != row.Reason:
                await rollouts.NoteAsync(row, due, verdict.Reason, ct);
                break;
            case StageDecision.Wait:
                break;
        }
    }

    [LoggerMessage(LogLevel.Information, "List {List} version {Version}: {Stage} ({Compared})")]
    static partial void Promoted(ILogger logger, string list, ulong version, string stage, string compared);

    [LoggerMessage(LogLevel.Warning, "List {List} version {Version} is halted: {Reason}")]
    static partial void Halted(ILogger logger, string list, ulong version, string reason);

    [LoggerMessage(LogLevel.Warning, "Rollouts stand still, the store cannot be read. {Cause}")]
    static partial void StoreAway(ILogger logger, string cause);
}
