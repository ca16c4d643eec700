using System.Collections.Concurrent;
using Npgsql;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Controls;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Analysis.Reanalysis;

/// <summary>Judges all measurements of some days again, a few hosts at a time, and lays beside what is in force whatever differs from it.</summary>
sealed partial class HostJudging(
    NpgsqlDataSource source, ObservationReader reader, FingerprintSet fingerprints, AnalysisInstruments instruments, ILogger<HostJudging> log)
{
    // Measurements whose sights and controls are in memory at once, for each of the workers.
    const int RowsAtOnce = 8_000;

    // As many as there are cores: half of the work is the database's.
    static readonly ParallelOptions Workers = new() { MaxDegreeOfParallelism = Math.Clamp(Environment.ProcessorCount, 1, 4) };

    /// <returns>Measurements that were judged.</returns>
    public async Task<long> RunAsync(CellWindow days, IReadOnlySet<string> pages, Action<long> judged, CancellationToken ct)
    {
        var known = new StrayMarks(await ReanalysisTable.StraysAsync(source, days, ct));
        var fresh = new ConcurrentDictionary<(string Cc, DateOnly Day, string Host), IReadOnlyCollection<string>>();
        var rows = 0L;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Workers.MaxDegreeOfParallelism, CancellationToken = ct };
        await Parallel.ForEachAsync(await ReanalysisTable.HostsAsync(source, days, RowsAtOnce, ct), options, async (hosts, token) =>
        {
            var some = await TakeAsync(hosts, days, pages, known, known, fresh, token);
            judged(some);
            Interlocked.Add(ref rows, some);
        });
        // What the measurements left behind makes sinks, or ends some: whoever was judged by other sinks is judged again.
        var now = known.With(fresh);
        var turned = fresh.Where(day => known.Shared(day.Key, day.Value).SetEquals(now.Shared(day.Key, day.Value)) is false).Select(day => day.Key.Host).Distinct(StringComparer.Ordinal);
        await Parallel.ForEachAsync(turned.Order(StringComparer.Ordinal).Chunk(10).ToArray(), options,
            async (hosts, token) => await TakeAsync(hosts, days, pages, now, known, fresh, token));
        return rows;
    }

    async Task<long> TakeAsync(
        string[] hosts, CellWindow window, IReadOnlySet<string> pages, StrayMarks strays, StrayMarks kept,
        ConcurrentDictionary<(string Cc, DateOnly Day, string Host), IReadOnlyCollection<string>> fresh, CancellationToken ct)
    {
        var controls = new Dictionary<string, ControlTimeline>(StringComparer.Ordinal);
        foreach (var host in hosts)
            controls[host] = await Judging.ControlsAsync(reader, host, window.Start, window.End, ct);
        var before = await ReanalysisTable.PrintsAsync(source, hosts, window, ct);
        var days = new Dictionary<(string Cc, DateOnly Day, string Host), HostDay>();
        var failed = new HashSet<(string Cc, DateOnly Day, string Host)>();
        long rows = 0, through = -1;
        await foreach (var (measurement, seen) in reader.VolunteersAsync(hosts, window, ct))
        {
            rows++;
            through = seen;
            var key = (measurement.Cc, Day: DateOnly.FromDateTime(measurement.Time.UtcDateTime), Host: measurement.Target);
            if (failed.Contains(key))
                continue;
            try
            {
                if (!days.TryGetValue(key, out var day))
                {
                    var shared = strays.SharedBy(key);
                    days[key] = day = new(key.Cc, key.Host, key.Day, new(reader, controls[key.Host], key.Cc, fingerprints, shared), new(key.Cc, key.Host, key.Day, pages), shared);
                }
                // Of what is long past nobody asks controls.
                await day.AddAsync(measurement, DateTimeOffset.MaxValue, ct);
            }
            catch (Exception e) when (e is not (NpgsqlException or OperationCanceledException))
            {
                failed.Add(key);
                instruments.Failed();
                DayFailed(e, key.Cc, key.Host, key.Day);
            }
        }
        var next = new List<DayNext>();
        foreach (var key in days.Keys.Union(before.Keys).Except(failed))
        {
            var day = days.GetValueOrDefault(key);
            var marks = day?.Builder.Strays ?? [];
            fresh[key] = marks;
            var built = day?.Builder.Build() ?? [];
            next.Add(new(key.Cc, key.Host, key.Day, through,
                UnitDayPrint.Of(built).SetEquals(before.GetValueOrDefault(key) ?? []) ? null : built,
                kept.Of(key).SetEquals(marks) ? null : marks));
        }
        await ReanalysisTable.StageAsync(source, hosts, window, [.. next.Where(d => d.Units is not null || d.Strays is not null)], fingerprints.Version, ct);
        return rows;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The day {Day} of {Host} in {Cc} cannot be computed and keeps its old result")]
    private partial void DayFailed(Exception exception, string cc, string host, DateOnly day);
}
