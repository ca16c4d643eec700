using Npgsql;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Analysis;

/// <summary>Keeps the cells of the table in step with the unit days, in the transaction that changes those, and notes which of them say something else and whose events may have changed.</summary>
sealed class CellUpkeep(CellRules rules, TimeProvider time)
{
    /// <summary>Computes the hosts' cells again in every window of the table that holds the day.</summary>
    public Task RunAsync(NpgsqlConnection connection, string cc, DateOnly day, string[] hosts, CancellationToken ct) =>
        RunAsync(connection, cc, new CellWindow(day, day.AddDays(1)), hosts, ct);

    /// <summary>Computes the hosts' cells again in every window of the table that shares a day with these.</summary>
    public async Task RunAsync(NpgsqlConnection connection, string cc, CellWindow days, string[] hosts, CancellationToken ct)
    {
        await EventDue.MarkAsync(connection, cc, hosts, ct);
        foreach (var window in (await CellWindows.OfAsync(connection, cc, ct)).Where(w => w.Since < days.Until && days.Since < w.Until))
        {
            var cells = CellSet.ByHost(await WindowDays.ReadAsync(connection, cc, window, hosts, 0, ct), rules);
            var now = time.GetUtcNow();
            await CellTable.ReplaceAsync(connection, cc, window, hosts, cells, now, ct);
            await CellChanges.NoteAsync(connection, cc, window, hosts, now, ct);
        }
    }
}
