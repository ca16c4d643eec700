using System.Net;
using Npgsql;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Controls;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Fleet;
using ProbeNet.Collector.Observations;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Analysis;

/// <summary>Computes one marked day and puts the result in the place of the old one, with the mark, in one transaction.</summary>
sealed class DayAnalysis(
    NpgsqlDataSource source,
    ObservationReader reader,
    UnitDays unitDays,
    DirtyDays dirtyDays,
    ListTargets lists,
    CellWindows windows,
    FingerprintSet fingerprints,
    CellRules rules,
    TimeProvider time)
{
    public Task RunAsync(DirtyDay day, CancellationToken ct) => day.IsControls ? ControlsAsync(day, ct) : VolunteersAsync(day, ct);

    async Task ControlsAsync(DirtyDay dirty, CancellationToken ct)
    {
        var networks = new HashSet<string>(StringComparer.Ordinal);
        int measurements = 0, reached = 0;
        var window = CellWindow.Ending(dirty.Day.AddDays(1), days: 1);
        await foreach (var measurement in reader.ControlsAsync(dirty.Host, window.Start, window.End, ct))
            if (ObservationParser.Parse(measurement.Details) is { } seen)
            {
                networks.Add(ControlSight.Of(measurement, seen).Network);
                measurements++;
                reached += PageReached.By(seen.Http) is null ? 0 : 1;
            }
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ControlDays.ReplaceAsync(connection, dirty.Host, new(dirty.Day, networks.Count, measurements, reached), ct);
        await DirtyDays.SpreadAsync(connection, dirty, ct);
        await DirtyDays.SettleAsync(connection, dirty, ct);
        await transaction.CommitAsync(ct);
    }

    async Task VolunteersAsync(DirtyDay dirty, CancellationToken ct)
    {
        var day = CellWindow.Ending(dirty.Day.AddDays(1), days: 1);
        var shared = await dirtyDays.SharedMarksAsync(dirty.Cc, dirty.Day, dirty.Host, ct);
        var controls = await Judging.ControlsAsync(reader, dirty.Host, day.Start, day.End, ct);
        var judging = new Judging(reader, controls, dirty.Cc, fingerprints, shared);
        var wishes = new HashSet<(string Input, IPAddress Address)>();
        var builder = new UnitDayBuilder(dirty.Cc, dirty.Host, dirty.Day, await lists.PagesAsync(ct));
        await foreach (var measurement in reader.VolunteersAsync(dirty.Cc, dirty.Host, dirty.Day, ct))
        {
            var (seen, judgement) = await judging.JudgeAsync(measurement, ct);
            builder.Add(measurement, seen?.Grain ?? 0, judgement);
            if (seen is not null && time.GetUtcNow() - measurement.Time < ControlTimeline.Reach)
                wishes.UnionWith(judging.Untested(measurement, seen).Select(address => (measurement.Input, address)));
        }
        var units = builder.Build();
        var cells = await CellsAsync(dirty, units, ct);

        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await UnitDays.ReplaceAsync(connection, dirty.Cc, dirty.Host, dirty.Day, units, fingerprints.Version, ct);
        await DirtyDays.ReplaceStraysAsync(connection, dirty.Cc, dirty.Day, dirty.Host, builder.Strays, ct);
        foreach (var (window, own) in cells)
            await CellTable.ReplaceAsync(connection, dirty.Cc, dirty.Host, window, own, time.GetUtcNow(), ct);
        if (await ControlWishes.AddAsync(connection, wishes, time.GetUtcNow(), ct))
            await FleetRevision.BumpAsync(connection, transaction, ct);
        await DirtyDays.SettleAsync(connection, dirty, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>The host's cells in every window of the table that holds the day.</summary>
    async Task<IReadOnlyList<(CellWindow Window, IReadOnlyList<Cell> Cells)>> CellsAsync(DirtyDay dirty, IReadOnlyList<UnitDay> fresh, CancellationToken ct)
    {
        CellWindow[] touched = [.. (await windows.OfAsync(dirty.Cc, ct)).Where(w => w.Contains(dirty.Day))];
        if (touched.Length == 0)
            return [];
        var whole = new CellWindow(touched.Min(w => w.Since), touched.Max(w => w.Until));
        UnitDay[] all = [.. (await unitDays.OfHostAsync(dirty.Cc, dirty.Host, whole, ct)).Where(d => d.Day != dirty.Day), .. fresh];
        return [.. touched.Select(w => (w, CellSet.Of(all.Where(d => w.Contains(d.Day)), rules)))];
    }
}
