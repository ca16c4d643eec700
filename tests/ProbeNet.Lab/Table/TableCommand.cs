using System.Diagnostics;
using System.Globalization;
using ProbeNet.Lab.Control;

namespace ProbeNet.Lab.Table;

/// <summary>`probenet-lab scenarios`.</summary>
static class TableCommand
{
    const int Seeds = 5;

    public static async Task<int> Run(string[] arguments)
    {
        var scenarios = Scenario.Load();
        if (Commands.Value(arguments, "--only") is { } only)
            scenarios = [.. scenarios.Where(one => only.Split(',').Any(part => one.Name.Contains(part, StringComparison.Ordinal)))];
        var ooni = arguments.Contains("--ooni");
        if (ooni)
            scenarios = [.. scenarios.Where(one => one.Ooni.Length > 0)];
        var (first, seeds) = (Number(arguments, "--first", 1), Number(arguments, "--seeds", Seeds));
        if (scenarios.Count == 0 || seeds < 1)
        {
            await Console.Error.WriteLineAsync("no such scenario, or no seed");
            return 2;
        }
        var watch = Stopwatch.StartNew();
        if (Commands.Value(arguments, SeedProcess.Batches) is { } batches)
        {
            await PrintCells(scenarios, batches.Split(','), first, watch);
            return 0;
        }
        var cells = await SeedProcess.RunAll(arguments, scenarios, Enumerable.Range(first, seeds));
        foreach (var line in ooni ? OoniReport.Lines(cells) : TableReport.Lines(cells, FirstResults.Load()))
            Console.WriteLine(line);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{scenarios.Count} scenarios, {cells.Count} cells, {seeds} seeds, {watch.Elapsed.TotalMinutes:0.0} minutes"));
        foreach (var line in TableReport.Totals(cells))
            Console.WriteLine(line);
        if (Commands.Value(arguments, "--record") is { } file)
            await File.WriteAllLinesAsync(file, FirstResults.Of(cells, TimeProvider.System.GetUtcNow()));
        return (ooni ? OoniReport.IsRight(cells) : TableReport.IsGoodEnough(cells)) ? 0 : 1;
    }

    static async Task PrintCells(IReadOnlyList<Scenario> scenarios, string[] batches, int seed, Stopwatch watch)
    {
        await using var lab = await Laboratory.Start(TableRun.CountryOf(scenarios, seed));
        await using var run = new TableRun(lab, scenarios, seed);
        foreach (var cell in await run.Run(batches, batch => Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}, {batch}: {watch.Elapsed.TotalSeconds:0} s"))))
            Console.WriteLine(cell.ToLine());
    }

    static int Number(string[] arguments, string option, int otherwise) =>
        Commands.Value(arguments, option) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
