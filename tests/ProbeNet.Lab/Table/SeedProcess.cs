using System.Diagnostics;
using System.Globalization;
using ProbeNet.Lab.Hosts;

namespace ProbeNet.Lab.Table;

/// <summary>
/// A seed in two labs, each a process of its own, side by side: one for the crowded batch and one for the others, which mostly wait for networks that are
/// silent. The next seed begins when the crowd of this one waits too.
/// </summary>
static class SeedProcess
{
    /// <summary>The option with which the cells of some batches of one seed come as lines.</summary>
    public const string Batches = "--batches";

    // A crowd wants both cores of a small machine for two minutes; what comes after is looking again.
    static readonly TimeSpan Apart = TimeSpan.FromSeconds(150);

    /// <param name="arguments">Of `scenarios`: they say which.</param>
    /// <returns>By seed.</returns>
    /// <exception cref="InvalidOperationException">A lab failed; why stands on the error stream.</exception>
    public static async Task<IReadOnlyList<TableCell>> RunAll(string[] arguments, IReadOnlyList<Scenario> scenarios, IEnumerable<int> seeds)
    {
        var named = scenarios.ToDictionary(one => one.Name, StringComparer.Ordinal);
        var labs = scenarios.Select(one => one.Batch).Distinct(StringComparer.Ordinal).GroupBy(batch => batch == Scenario.Together).ToArray();
        var running = new List<Task<TableCell[]>>();
        foreach (var seed in seeds)
        {
            Task<TableCell[]>[] own =
            [
                // A lab dies with the thread that started it: one that stays until its end.
                .. labs.Select(batches => Task.Factory.StartNew(() => Run(arguments, named, seed, batches), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)),
            ];
            running.AddRange(own);
            await Task.WhenAny(Task.WhenAll(own), Task.Delay(Apart, TimeProvider.System));
        }
        return [.. (await Task.WhenAll(running)).SelectMany(cells => cells)];
    }

    static TableCell[] Run(string[] arguments, Dictionary<string, Scenario> named, int seed, IEnumerable<string> batches)
    {
        string[] command = [.. Isolation.Self(), arguments[0], Batches, string.Join(',', batches), "--first", seed.ToString(CultureInfo.InvariantCulture), .. arguments[1..]];
        using var process = new Process { StartInfo = new(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true } };
        process.StartInfo.Environment.Remove(Isolation.Inside);
        process.Start();
        var cells = new List<TableCell>();
        while (process.StandardOutput.ReadLine() is { } line)
            cells.Add(TableCell.Parse(line, named));
        process.WaitForExit();
        return process.ExitCode == 0 ? [.. cells] : throw new InvalidOperationException($"A lab of seed {seed} ended with {process.ExitCode}.");
    }
}
