using Npgsql;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Analysis.Moves;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Analysis;

/// <summary>The moves of a country's providers up to a day, against the baselines that were frozen before.</summary>
sealed class MoveQueries(NpgsqlDataSource source, UnitDays unitDays, FingerprintSet fingerprints, CalendarSet calendar, TimeProvider time) : IDisposable
{
    readonly KeptAnswers<(string Cc, DateOnly Until), MoveReport> _kept = new(time);

    /// <param name="until">The first day that does not count.</param>
    /// <returns>None where the chain of baselines is broken: `doctor` says where.</returns>
    public async Task<MoveReport> OfAsync(string cc, DateOnly until, CancellationToken ct) => (await _kept.GetAsync((cc, until), cancel => FindAsync(cc, until, cancel), ct)).Answer;

    async Task<MoveReport> FindAsync(string cc, DateOnly until, CancellationToken ct)
    {
        var rules = FrozenBaseline.RulesOf(fingerprints.Version);
        var chain = await MoveBaselines.ReadAsync(source, ct);
        FrozenBaseline[] baselines = [.. chain.Baselines.Where(b => b.Cc == cc && b.Rules == rules && b.Frozen <= until)];
        return chain.Fault is not null || baselines.Length == 0 ? MoveReport.None
            : MoveSet.Of(await unitDays.OfHeldCellsAsync(cc, new(baselines.Min(b => b.Since), until), ct), baselines, calendar.Of(cc));
    }

    public void Dispose() => _kept.Dispose();
}
