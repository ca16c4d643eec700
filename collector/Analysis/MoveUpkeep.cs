using Npgsql;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Analysis.Moves;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Analysis;

/// <summary>Freezes a provider's baseline once its first fourteen days are over, and the same days again when they are judged under new rules.</summary>
sealed class MoveUpkeep(NpgsqlDataSource source, UnitDays unitDays, ListTargets lists, FingerprintSet fingerprints, TimeProvider time)
{
    // What volunteers could not send at once is mostly there two days later.
    const int DaysForTheLate = 2;

    static readonly TimeSpan Every = TimeSpan.FromHours(1);

    DateTimeOffset _next;

    public async Task RunAsync(CancellationToken ct)
    {
        if (time.GetUtcNow() < _next)
            return;
        _next = time.GetUtcNow() + Every;
        var chain = await MoveBaselines.ReadAsync(source, ct);
        // Nothing is added to what was altered.
        if (chain.Fault is not null)
            return;
        var rules = FrozenBaseline.RulesOf(fingerprints.Version);
        var known = chain.Baselines.ToLookup(b => (b.Cc, b.Asn));
        foreach (var (cc, asn) in await lists.ProvidersAsync(ct))
            if (known[(cc, asn)].All(b => b.Rules != rules) && await PeriodAsync(cc, asn, known[(cc, asn)].FirstOrDefault(), ct) is { } period
                && await MoveBaselines.AreOfAsync(source, cc, asn, period, Rules.Version, fingerprints.Version, ct))
                await MoveBaselines.AddAsync(source, FrozenBaseline.Of(cc, ProviderTraces.Of(asn, await unitDays.OfProviderAsync(cc, asn, period, ct)), period, Today, rules), ct);
    }

    DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    async Task<CellWindow?> PeriodAsync(string cc, long asn, FrozenBaseline? first, CancellationToken ct)
    {
        var watched = await MoveBaselines.WatchedAsync(source, cc, asn, ct);
        return first is not null && watched.Keys.Any(day => day >= first.Since && day < first.Until) ? new(first.Since, first.Until)
            : FrozenBaseline.PeriodOf(watched, Today.AddDays(-DaysForTheLate));
    }
}
