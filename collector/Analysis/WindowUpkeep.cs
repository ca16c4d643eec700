using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Analysis;

/// <summary>
/// Keeps the windows that people ask for in the cell table: the last seven days up to today, to yesterday and to the day
/// before (the public sees whole days after a delay), and the last thirty.
/// </summary>
sealed class WindowUpkeep(CellWindows windows, UnitDays unitDays, CellRules rules, TimeProvider time)
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
            {
                var days = await unitDays.OfCountryAsync(cc, window, ct);
                await windows.AddAsync(cc, window, days.GroupBy(d => d.Host, StringComparer.Ordinal)
                    .Select(g => (g.Key, CellSet.Of(g, rules))), time.GetUtcNow(), ct);
            }
            foreach (var window in held.Except(wanted))
                await windows.DropAsync(cc, window, ct);
        }
    }
}
