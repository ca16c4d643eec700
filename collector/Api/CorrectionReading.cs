using Npgsql;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Events;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api;

/// <summary>A finding on show that was taken back, or stands again, as one caller may see it.</summary>
/// <param name="Stands">It counts again.</param>
/// <param name="IsShown">The caller can still open the event.</param>
/// <param name="Changes">With exact figures, for analysts; null for the public.</param>
sealed record CorrectionView(DateOnly Day, string EventId, string Cc, string Domain, string Kind, bool Stands, string? Reason, bool IsShown, IReadOnlyList<string>? Changes);

/// <summary>Days that were judged again under other rules.</summary>
/// <param name="Cells">Those that the caller may see and that say otherwise since.</param>
sealed record ReanalysisView(DateOnly Finished, DateTimeOffset Since, DateTimeOffset Until, int RulesVersion, IReadOnlyList<CellCorrection> Cells);

sealed record CellCorrection(string Domain, long Asn, string? Isp, CellState? Before, CellState? After);

/// <summary>What became of findings after they were on show, for one caller.</summary>
sealed class CorrectionReading(NpgsqlDataSource source, CorrectionQueries corrections, CellReading cells, MatrixReading names, Publication publication)
{
    public const int Most = 200;

    static readonly string[] Counting = [EventStates.Provisional, EventStates.Confirmed];

    /// <summary>Of events, latest first.</summary>
    /// <param name="id">Of one; null for all.</param>
    public async Task<IReadOnlyList<CorrectionView>> EventsAsync(Caller caller, Filter filter, string? id, CancellationToken ct)
    {
        var found = new List<CorrectionView>();
        foreach (var turn in await corrections.EventsAsync(filter.Cc, id, Counting, Most, ct))
        {
            var day = DateOnly.FromDateTime(turn.Recorded.UtcDateTime);
            if (day < publication.EndFor(caller, filter.AsOf) && await EventTable.FindAsync(source, turn.Event, ct) is { Event: var e } && publication.WasOnShow(e, caller, turn.Recorded))
                found.Add(new(day, e.Id, e.Cc, e.Target, EventTable.Word(e.Kind), turn.Counts, turn.Reason, publication.View(e, caller, filter.AsOf) is not null, caller.IsPublic ? null : turn.Changes));
        }
        return found;
    }

    /// <summary>Of a country's cells by reanalyses, latest first.</summary>
    public async Task<IReadOnlyList<ReanalysisView>> ReanalysesAsync(Caller caller, Filter filter, string cc, CancellationToken ct)
    {
        var views = new List<ReanalysisView>();
        foreach (var row in await corrections.ReanalysesAsync(cc, Most, ct))
        {
            if (row.Finished >= publication.EndFor(caller, filter.AsOf))
                continue;
            var (since, until) = (Midnight(row.Since), Midnight(row.Until));
            var seen = row.Cells.Count == 0 ? [] : (await cells.MatrixAsync(caller, new() { Cc = cc, Since = since, Until = until, AsOf = filter.AsOf }, ct)).Matrix?.Cells
                .Where(cell => cell.State != CellState.Insufficient || !caller.IsPublic).Select(cell => (cell.Domain, cell.Asn)).ToHashSet() ?? [];
            views.Add(new(row.Finished, since, until, row.RulesVersion,
                [.. row.Cells.Where(cell => seen.Contains((cell.Target, cell.Asn))).Select(cell => new CellCorrection(cell.Target, cell.Asn, names.NameOf(cell.Asn), StateOf(cell.Before), StateOf(cell.After)))]));
        }
        return views;
    }

    static CellState? StateOf(string? word) => word is not null && CellStates.TryParse(word, out var state) ? state : null;

    static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
