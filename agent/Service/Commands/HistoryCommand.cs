using System.CommandLine;
using System.Text.Json;
using ProbeNet.Agent.Measurements;
using ProbeNet.Agent.Service.Output;

namespace ProbeNet.Agent.Service.Commands;

static class HistoryCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var since = new Option<string?>("--since") { Description = "Only what was measured on and after this day or time (2026-11-20, or 3d)." };
        var json = new Option<bool>("--json") { Description = "Prints JSON." };
        var command = new Command("history", "What this machine measured. It is kept here for seven days, encrypted, and never sent.") { since, json };
        command.Validators.Add(result => SinceOption.Validate(result, since, surroundings));
        command.SetAction(parsed =>
        {
            using var services = AgentServices.Build(surroundings);
            var from = SinceOption.Read(parsed, since, surroundings) ?? DateTimeOffset.UnixEpoch;
            HistoryItem[] items = [.. services.GetRequiredService<History>().Read(from).Select(HistoryItem.Of)];
            if (parsed.GetValue(json))
            {
                surroundings.Output.WriteLine(JsonSerializer.Serialize(new HistoryView(items), AgentJson.Default.HistoryView));
                return 0;
            }
            if (items.Length == 0)
            {
                surroundings.Output.WriteLine("Nothing was measured in that time, or nothing is kept.");
                return 0;
            }
            Listing.WriteTable(surroundings.Output, ["time (UTC)", "input", "why", "what happened"],
                [.. items.Select(item => (IReadOnlyList<string>)[$"{item.Time:yyyy-MM-dd HH:mm}", item.Input, item.Reason, Outcome(item)])]);
            return 0;
        });
        return command;
    }

    static string Outcome(HistoryItem item)
    {
        var outcome = item.Failure is null ? $"{item.Status?.ToString() ?? "ok"}" : $"{item.Layer}: {item.Failure}";
        return item.NotSent is null ? outcome : $"{outcome} (not sent: {item.NotSent})";
    }
}
