using Npgsql;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Analysis;

/// <summary>
/// Keeps the windows that people ask for in the cell table: the last seven days up to today, to yesterday and to the day
/// before (the public sees whole days after a delay), and the last thirty.
/// </summary>
sealed class WindowUpkeep(NpgsqlDataSource source, CellWindows windows, CellRules rules, TimeProvider time)
{
    public static IReadOnlyList<CellWindow> Wanted(DateTimeOffset now)
    {
        var last = CellWindow.UpTo(now);
        return [last, CellWindow.Ending(last.Until.AddDays(-1)), CellWindow.Ending(last.Until.AddDays(-2)), CellWindow.UpTo(now, days: 30)];
    }

    public async Task RunAsync(CancellationToken ct)
    {
        var wanted = Wanted(time.GetUtcNow());
        foreach (var cc in await windows.CountriesAsync(ct))
        {
            var held = await windows.OfAsync(cc, ct);
            foreach (var window in wanted.Except(held))
                await windows.AddAsync(cc, window, CellSet.ByHost(await WindowDays.ReadAsync(source, cc, window, null, 0, ct), rules), time.GetUtcNow(), ct);
            foreach (var window in held.Except(wanted))
                await windows.DropAsync(cc, window, ct);
        }
    }
}
