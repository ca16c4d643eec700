using Npgsql;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Controls;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Fleet;
using ProbeNet.Collector.Observations;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Analysis;

/// <summary>Computes one marked day from all its measurements and puts the result in the place of the old one, with the mark, in one transaction.</summary>
sealed class DayAnalysis(
    NpgsqlDataSource source, ObservationReader reader, DirtyDays dirtyDays, ListTargets lists, CellUpkeep cells, FingerprintSet fingerprints, TimeProvider time)
{
    public Task RunAsync(DirtyDay day, CancellationToken ct) => day.IsControls ? ControlsAsync(day, ct) : VolunteersAsync(day, ct);

    async Task ControlsAsync(DirtyDay dirty, CancellationToken ct)
    {
        var networks = new SortedDictionary<string, ControlNetworkDay>(StringComparer.Ordinal);
        var window = CellWindow.Ending(dirty.Day.AddDays(1), days: 1);
        await foreach (var measurement in reader.ControlsAsync(dirty.Host, window.Start, window.End, ct))
            if (ObservationParser.Parse(measurement.Details) is { } seen)
            {
                var sight = ControlSight.Of(measurement, seen);
                var so = networks.GetValueOrDefault(sight.Network) ?? new(sight.Network, 0, 0, 0);
                networks[sight.Network] = so with
                {
                    Measurements = so.Measurements + 1,
                    Reached = so.Reached + (PageReached.By(seen.Http) is null ? 0 : 1),
                    Discarded = so.Discarded + (sight.IsControl ? 0 : 1),
                };
            }
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ControlDays.ReplaceAsync(connection, dirty.Host, dirty.Day, networks.Values, ct);
        await DirtyDays.SpreadAsync(connection, dirty, ct);
        await DirtyDays.SettleAsync(connection, dirty, ct);
        await transaction.CommitAsync(ct);
    }

    async Task VolunteersAsync(DirtyDay dirty, CancellationToken ct)
    {
        var (cc, host, day) = (dirty.Cc, dirty.Host, dirty.Day);
        var window = CellWindow.Ending(day.AddDays(1), days: 1);
        var shared = await dirtyDays.SharedMarksAsync(cc, day, host, ct);
        var controls = await Judging.ControlsAsync(reader, host, window.Start, window.End, ct);
        var whole = new HostDay(cc, host, day, new(reader, controls, cc, fingerprints, shared), new(cc, host, day, await lists.PagesAsync(ct)), shared);
        var through = -1L;
        await foreach (var (measurement, seen) in reader.VolunteersAsync(cc, host, day, ct))
        {
            await whole.AddAsync(measurement, time.GetUtcNow(), ct);
            through = seen;
        }
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await UnitDays.ReplaceAsync(connection, cc, host, day, whole.Builder.Build(), fingerprints.Version, ct);
        await DirtyDays.ReplaceStraysAsync(connection, cc, day, host, whole.Builder.Strays, ct);
        await cells.RunAsync(connection, cc, day, [host], ct);
        await AnalysisPosition.KeepAheadAsync(connection, cc, host, day, through, ct);
        await DirtyDays.SettleAsync(connection, dirty, ct);
        await ReanalysisSwitch.NoteAsync(connection, [(cc, host, day)], ct);
        if (await ControlWishes.AddAsync(connection, whole.Wishes, time.GetUtcNow(), ct))
            await FleetRevision.BumpAsync(connection, transaction, ct);
        await transaction.CommitAsync(ct);
    }
}
