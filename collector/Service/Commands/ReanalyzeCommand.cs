using System.CommandLine;
using System.Globalization;
using ProbeNet.Collector.Analysis.Reanalysis;

namespace ProbeNet.Collector.Service.Commands;

/// <summary>Verdicts under the rules of this program, with what they change.</summary>
static class ReanalyzeCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var since = new Option<DateOnly>("--since") { Description = "First UTC day, as 2026-11-01.", Required = true, CustomParser = Day };
        var until = new Option<DateOnly?>("--until") { Description = "The day after the last; without it today is included.", CustomParser = result => Day(result) };
        var json = Listing.JsonOption();
        var command = new Command("reanalyze", "Judges stored measurements again under the rules of this program and lists the cells that say something else now.") { since, until, json };
        command.SetAction(async (parsed, ct) =>
        {
            var end = parsed.GetValue(until) ?? DateOnly.FromDateTime(surroundings.Time.GetUtcNow().UtcDateTime).AddDays(1);
            if (end <= parsed.GetValue(since))
                throw new CommandFailure("--until is a day after --since.");
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            var judged = 0L;
            var run = store.Get<ReanalysisRun>().RunAsync(new(parsed.GetValue(since), end), some => Interlocked.Add(ref judged, some), ct);
            var outcome = await Progress.WhileAsync(surroundings, () => $"{Interlocked.Read(ref judged).ToString("N0", CultureInfo.InvariantCulture)} measurements judged", run)
                ?? throw new CommandFailure("Another reanalysis is under way.");
            if (parsed.GetValue(json))
                Listing.WriteJson(surroundings.Output, outcome);
            else
                Write(surroundings.Output, outcome, parsed.GetValue(since));
            return 0;
        });
        return command;
    }

    static void Write(TextWriter output, ReanalysisOutcome outcome, DateOnly asked)
    {
        if (outcome.Window.Since > asked)
            output.WriteLine($"What is older than {outcome.Window.Since:yyyy-MM-dd} is not kept in full and keeps what it said.");
        Listing.Write(output, json: false, outcome.Cells, "No cell says anything else.",
            ("CC", d => d.Cc), ("ASN", d => d.Asn), ("DOMAIN", d => d.Target), ("BEFORE", d => Words(d.Before)), ("NOW", d => Words(d.After)));
        output.WriteLine($"{outcome.Measurements.ToString("N0", CultureInfo.InvariantCulture)} measurements from {outcome.Window.Since:yyyy-MM-dd} until {outcome.Window.Until:yyyy-MM-dd} judged by rules {outcome.RulesVersion}: "
            + $"{outcome.Changed} unit days and {outcome.Cells.Count} cells say something else. What they said before is kept as reanalysis {outcome.Id}.");
    }

    static string Words(CellSaying? saying) => saying is null ? "no cell"
        : saying.State + (saying.Reason is { } reason ? $" ({reason})" : "") + (saying.Mechanisms is [var strongest, ..] ? $", {strongest}" : "");

    static DateOnly Day(System.CommandLine.Parsing.ArgumentResult result)
    {
        if (DateOnly.TryParseExact(result.Tokens[0].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return day;
        result.AddError($"'{result.Tokens[0].Value}' is no day as 2026-11-01.");
        return default;
    }
}
