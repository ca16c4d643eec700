using Npgsql;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Controls;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Fleet;
using ProbeNet.Collector.Observations;
using ProbeNet.Collector.Store;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Analysis;

/// <summary>
/// Takes what the log of batches has since the last time, judges those measurements alone and adds them to the unit days that are
/// there. Cells and position move on in the same transaction. Whatever bears on earlier measurements only marks their days.
/// </summary>
sealed partial class LogAnalysis(
    NpgsqlDataSource source, ObservationReader reader, DirtyDays dirtyDays, ListTargets lists, CellUpkeep cells, FingerprintSet fingerprints,
    TimeProvider time, AnalysisInstruments instruments, ILogger<LogAnalysis> log)
{
    const int MostRows = 20_000;
    const int RowsAtOnce = 5_000;

    // Unit days that are rewritten at once are in memory at once.
    const int HostsAtOnce = 25;

    readonly ControlMemory _controls = new();
    long _last = -1;

    /// <returns>Measurements that were taken; 0 when the log has nothing new.</returns>
    public async Task<int> RunAsync(CancellationToken ct)
    {
        var position = await AnalysisPosition.ReadAsync(source, ct);
        var pages = await lists.PagesAsync(ct);
        if (!pages.SetEquals(position.Pages))
            await AnalysisPosition.TurnPagesAsync(source, pages,
                [.. pages.Except(position.Pages).Concat(position.Pages.Except(pages)).Select(TargetName.Of).Distinct(StringComparer.Ordinal)], ct);
        // Another process was at it: what is remembered may not hold any more.
        if (position.Index != _last)
            _controls.Clear();
        var arrivals = await position.NextAsync(source, MostRows, ct);
        if (arrivals.Count == 0)
            return 0;
        var pass = new Pass(await AnalysisPosition.AheadAsync(source, ct), pages);
        var rows = 0;
        foreach (var some in InParts(arrivals))
            rows += await TakeAsync(pass, some, ct);
        await CommitAsync(pass, arrivals[^1].Index, ct);
        _last = arrivals[^1].Index;
        instruments.Added(rows);
        return arrivals.Sum(a => a.Count);
    }

    /// <summary>What is remembered of the host's controls does not hold any more.</summary>
    public void Forget(string host) => _controls.Forget(host);

    static IEnumerable<List<Arrival>> InParts(IReadOnlyList<Arrival> arrivals)
    {
        var part = new List<Arrival>();
        foreach (var arrival in arrivals)
        {
            part.Add(arrival);
            if (part.Sum(a => a.Count) < RowsAtOnce)
                continue;
            yield return part;
            part = [];
        }
        if (part.Count > 0)
            yield return part;
    }

    async Task<int> TakeAsync(Pass pass, List<Arrival> arrivals, CancellationToken ct)
    {
        var rows = await reader.OfBatchesAsync([.. arrivals.Select(a => a.Batch)], arrivals.Min(a => a.Since), arrivals.Max(a => a.Until), ct);
        foreach (var control in rows.Where(r => r.Measurement.Role == Role.Control).Select(r => (Host: r.Measurement.Target, Day: DayOf(r.Measurement))).Distinct())
        {
            pass.Controls.Add(control);
            _controls.Forget(control.Host);
        }
        var places = arrivals.ToDictionary(a => Convert.ToHexString(a.Batch), a => a.Index, StringComparer.Ordinal);
        var now = time.GetUtcNow();
        foreach (var day in rows.Where(r => r.Measurement.Role == Role.Agent).GroupBy(r => (r.Measurement.Cc, Host: r.Measurement.Target, Day: DayOf(r.Measurement))))
        {
            if (pass.Failed.Contains(day.Key))
                continue;
            var through = pass.Ahead.GetValueOrDefault(day.Key, -1);
            try
            {
                foreach (var (measurement, batch) in day)
                    if (through < 0 || places[Convert.ToHexString(batch)] > through)
                        await (await pass.OfAsync(day.Key, () => BeginAsync(pass, day.Key, ct))).AddAsync(measurement, now, ct);
            }
            catch (Exception e) when (e is not (NpgsqlException or OperationCanceledException))
            {
                // It is marked, fails as a whole day as well, and is reported there until something of it changes.
                pass.Fail(day.Key);
                DayFailed(e, day.Key.Cc, day.Key.Host, day.Key.Day);
            }
        }
        return rows.Count;
    }

    async Task<HostDay> BeginAsync(Pass pass, (string Cc, string Host, DateOnly Day) key, CancellationToken ct)
    {
        if (!pass.Strays.TryGetValue((key.Cc, key.Day), out var strays))
            pass.Strays[(key.Cc, key.Day)] = strays = await dirtyDays.StraysAsync(key.Cc, key.Day, ct);
        var owner = HostName.Registrable(key.Host);
        var shared = strays.Where(mark => mark.Any(host => HostName.Registrable(host) != owner)).Select(mark => mark.Key).ToHashSet(StringComparer.Ordinal);
        if (_controls.Find(key.Host, key.Day) is not { } controls)
        {
            var window = CellWindow.Ending(key.Day.AddDays(1), days: 1);
            controls = await Judging.ControlsAsync(reader, key.Host, window.Start, window.End, ct);
            _controls.Keep(key.Host, key.Day, controls);
        }
        return new(key.Cc, key.Host, key.Day, new(reader, controls, key.Cc, fingerprints, shared), new(key.Cc, key.Host, key.Day, pass.Pages), shared);
    }

    async Task CommitAsync(Pass pass, long index, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        foreach (var country in pass.Days.GroupBy(d => (d.Cc, d.Day)))
            foreach (var some in country.OrderBy(d => d.Host, StringComparer.Ordinal).Chunk(HostsAtOnce))
            {
                foreach (var before in await UnitDays.OfKeysAsync(connection, country.Key.Cc, country.Key.Day, [.. some.SelectMany(d => d.Builder.Keys)], ct))
                    some.First(d => d.Host == before.Host).Builder.Add(before);
                await UnitDays.ReplaceAsync(connection, [.. some.SelectMany(d => d.Builder.Build())], fingerprints.Version, ct);
                foreach (var day in some)
                {
                    await DirtyDays.AddStraysAsync(connection, day.Cc, day.Day, day.Host, day.Builder.Strays, day.Shared, ct);
                    day.Builder.Clear();
                }
                await cells.RunAsync(connection, country.Key.Cc, country.Key.Day, [.. some.Select(d => d.Host)], ct);
            }
        await ReanalysisSwitch.NoteAsync(connection, [.. pass.Days.Select(d => (d.Cc, d.Host, d.Day))], ct);
        await DirtyDays.MarkAsync(connection, pass.Controls.Select(c => ("*", c.Host, c.Day)).Concat(pass.Failed), ct);
        await AnalysisPosition.AdvanceAsync(connection, index, ct);
        if (await ControlWishes.AddAsync(connection, pass.Days.SelectMany(d => d.Wishes), time.GetUtcNow(), ct))
            await FleetRevision.BumpAsync(connection, transaction, ct);
        await transaction.CommitAsync(ct);
    }

    static DateOnly DayOf(StoredMeasurement measurement) => DateOnly.FromDateTime(measurement.Time.UtcDateTime);

    /// <summary>What one pass gathers before it is written.</summary>
    sealed class Pass(IReadOnlyDictionary<(string Cc, string Host, DateOnly Day), long> ahead, IReadOnlySet<string> pages)
    {
        readonly Dictionary<(string Cc, string Host, DateOnly Day), HostDay> _days = [];

        public IReadOnlyDictionary<(string Cc, string Host, DateOnly Day), long> Ahead => ahead;
        public IReadOnlySet<string> Pages => pages;
        public IReadOnlyCollection<HostDay> Days => _days.Values;
        public HashSet<(string Cc, string Host, DateOnly Day)> Failed { get; } = [];
        public HashSet<(string Host, DateOnly Day)> Controls { get; } = [];
        public Dictionary<(string Cc, DateOnly Day), ILookup<string, string>> Strays { get; } = [];

        public async ValueTask<HostDay> OfAsync((string, string, DateOnly) key, Func<Task<HostDay>> begin) =>
            _days.TryGetValue(key, out var day) ? day : _days[key] = await begin();

        public void Fail((string, string, DateOnly) key)
        {
            Failed.Add(key);
            _days.Remove(key);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Measurements of {Host} in {Cc} on {Day} cannot be added")]
    private partial void DayFailed(Exception exception, string cc, string host, DateOnly day);
}
