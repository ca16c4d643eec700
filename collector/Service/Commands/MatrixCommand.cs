using System.CommandLine;
using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Service.Commands;

static class MatrixCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var cc = CellOptions.Country();
        var days = CellOptions.Days();
        var json = Listing.JsonOption();
        var command = new Command("matrix", "Compares the providers of a country, site by site.") { cc, days, json };
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            var window = CellWindow.UpTo(surroundings.Time.GetUtcNow(), parsed.GetValue(days));
            var matrix = await Progress.WhileAsync(
                surroundings, "Comparing", store.Get<CellQueries>().MatrixAsync(parsed.GetValue(cc)!.ToUpperInvariant(), window, 0, ct));
            if (parsed.GetValue(json))
                Listing.WriteAnswer(surroundings.Output, new CellOutput(store, surroundings.Time).Of(matrix));
            else
                MatrixText.Write(surroundings.Output, matrix);
            return 0;
        });
        return command;
    }
}

/// <summary>What the commands about cells have in common.</summary>
static class CellOptions
{
    public static Option<string> Country()
    {
        var cc = new Option<string>("--cc") { Description = "Country code, as KH.", Required = true };
        AcceptOnlyCountries(cc);
        return cc;
    }

    public static void AcceptOnlyCountries(Option<string> cc) => cc.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && !(token.Value.Length == 2 && token.Value.All(char.IsAsciiLetter)))
            result.AddError($"'{token.Value}' is no country code: --cc takes two letters, as KH.");
    });

    public static Option<int> Days()
    {
        var days = new Option<int>("--days") { Description = "Days of the window, today included.", DefaultValueFactory = _ => CellWindow.DefaultDays };
        days.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, out var number) && number is > 0 and <= 400))
                result.AddError("--days is a number from 1 to 400.");
        });
        return days;
    }
}
