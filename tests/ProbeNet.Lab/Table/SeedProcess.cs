using System.Diagnostics;
using System.Globalization;
using ProbeNet.Lab.Hosts;

namespace ProbeNet.Lab.Table;

/// <summary>
/// A seed in a lab and process of its own. Its first batch wants the processor, the others mostly wait for networks that are silent: the next seed begins when the
/// crowd of the last is over, so that two never crowd at once.
/// </summary>
static class SeedProcess
{
    /// <summary>The option with which one seed's cells come as lines.</summary>
    public const string Cells = "--cells";

    /// <param name="arguments">Of `scenarios`: they say which.</param>
    /// <returns>By seed.</returns>
    /// <exception cref="InvalidOperationException">A lab failed; why stands on the error stream.</exception>
    public static async Task<IReadOnlyList<TableCell>> RunAll(string[] arguments, IReadOnlyList<Scenario> scenarios, IEnumerable<int> seeds)
    {
        var running = new List<Task<TableCell[]>>();
        foreach (var seed in seeds)
        {
            var crowd = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            // A lab dies with the thread that started it: one that stays until its end.
            running.Add(Task.Factory.StartNew(() => Run(arguments, scenarios, seed, crowd), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
            await Task.WhenAny(crowd.Task, running[^1]);
        }
        return [.. (await Task.WhenAll(running)).SelectMany(cells => cells)];
    }

    static TableCell[] Run(string[] arguments, IReadOnlyList<Scenario> scenarios, int seed, TaskCompletionSource crowd)
    {
        string[] command = [.. Isolation.Self(), arguments[0], Cells, "--first", seed.ToString(CultureInfo.InvariantCulture), .. arguments[1..]];
        using var process = new Process { StartInfo = new(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true } };
        process.StartInfo.Environment.Remove(Isolation.Inside);
        process.ErrorDataReceived += (_, told) =>
        {
            if (told.Data is null)
                return;
            Console.Error.WriteLine(told.Data);
            // A batch is over.
            if (told.Data.StartsWith("seed ", StringComparison.Ordinal))
                crowd.TrySetResult();
        };
        process.Start();
        process.BeginErrorReadLine();
        var named = scenarios.ToDictionary(one => one.Name, StringComparer.Ordinal);
        var cells = new List<TableCell>();
        while (process.StandardOutput.ReadLine() is { } line)
            cells.Add(TableCell.Parse(line, named));
        process.WaitForExit();
        return process.ExitCode == 0 ? [.. cells] : throw new InvalidOperationException($"The lab of seed {seed} ended with {process.ExitCode}.");
    }
}
