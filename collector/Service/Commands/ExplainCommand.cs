using System.CommandLine;
using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Service.Commands;

static class ExplainCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var cc = CellOptions.Country();
        var domain = new Option<string>("--domain") { Description = "The site: a host name, or the page's address where the list marks a page.", Required = true };
        var asn = new Option<long>("--asn")
        {
            Description = "The provider's network number.",
            Required = true,
            CustomParser = result =>
            {
                if (!FilterReader.TryAsn(result.Tokens[0].Value, out var number))
                    result.AddError($"'{result.Tokens[0].Value}' is no network number: --asn takes it as 64501 or AS64501.");
                return number;
            },
        };
        var days = CellOptions.Days();
        var json = Listing.JsonOption();
        var command = new Command("explain", "Says why a cell is what it is.") { cc, domain, asn, days, json };
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            var country = parsed.GetValue(cc)!.ToUpperInvariant();
            var window = CellWindow.UpTo(surroundings.Time.GetUtcNow(), parsed.GetValue(days));
            var explanation = await store.Get<CellQueries>().ExplainAsync(country, parsed.GetValue(domain)!, parsed.GetValue(asn), window, 0, ct)
                ?? throw new CommandFailure($"Nothing is known of {parsed.GetValue(domain)} at AS{parsed.GetValue(asn)} in {country}: no list names it, or nothing was ever measured there.");
            if (parsed.GetValue(json))
                Listing.WriteAnswer(surroundings.Output, new CellOutput(store, surroundings.Time).Of(explanation));
            else
                Write(surroundings.Output, explanation);
            return 0;
        });
        return command;
    }

    static void Write(TextWriter output, CellExplanation explanation)
    {
        var cell = explanation.Cell;
        output.WriteLine($"{cell.Target} at AS{cell.Asn} in {cell.Cc}: {MatrixText.Glyph(cell.State)} {cell.State.Word()}{(cell.Reason is null ? "" : $" ({cell.Reason})")}");
        foreach (var mechanism in cell.Mechanisms)
            output.WriteLine($"  {mechanism.Name}{(mechanism.Via is null ? "" : $" via {mechanism.Via}")}: {mechanism.Runs} measurement(s), {mechanism.Units} volunteer(s)");
        if (cell.Since is { } since)
            output.WriteLine(since.Earliest is { } earliest
                ? $"  since between {earliest.UtcDateTime:yyyy-MM-dd HH:mm} and {since.Latest.UtcDateTime:yyyy-MM-dd HH:mm} UTC"
                : $"  since {since.Latest.UtcDateTime:yyyy-MM-dd HH:mm} UTC or earlier");
        output.WriteLine();
        foreach (var step in explanation.Reasoning.Steps)
            output.WriteLine($"{(step.Holds ? "+" : "-")} {step.Text}");
        output.WriteLine();
        Listing.Write(output, json: false, [.. explanation.Units], "No volunteer.",
            ("GROUP", u => u.Group), ("BOUND", u => u.Bound), ("ACCESS", u => u.Access), ("INTERFERENCE", u => $"{u.Interference}/{u.Scored}"), ("EVIDENCE", u => $"{u.Evidence:0.00}"),
            ("SUSTAINED", u => u.Sustained), ("MECHANISMS", u => string.Join(' ', u.Mechanisms)), ("ARTEFACTS", u => string.Join(' ', u.Artefacts)));
        output.WriteLine();
        Listing.Write(output, json: false, [.. explanation.Days], "No day.",
            ("DAY", d => d.Day), ("VOLUNTEERS", d => d.Units), ("ARTEFACT", d => d.Artefact), ("ANOMALY", d => d.Anomaly), ("SLOW", d => d.Slow),
            ("REFUSED", d => d.Refused), ("DOWN", d => d.Down), ("OK", d => d.Ok), ("DISCARDED", d => d.Discarded));
        output.WriteLine();
        Listing.Write(output, json: false, [.. explanation.Controls], "No control measured it.",
            ("DAY", d => d.Day), ("CONTROL NETWORKS", d => d.Networks), ("REACHED", d => $"{d.Reached}/{d.Measurements}"));
        output.WriteLine();
        Listing.Write(output, json: false, [.. explanation.Rules], "No rule fired.", ("RULE", r => r.Rule), ("RUNS", r => r.Runs), ("VOLUNTEERS", r => r.Units));
    }
}
