using System.CommandLine;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Service.Commands;

/// <summary>The one way for a single measurement to become public.</summary>
static class PublishCommand
{
    const int LongestText = 200;

    public static Command Create(Surroundings surroundings)
    {
        var uid = new Argument<Guid>("UID") { Description = "The measurement, as lists and bundles name it." };
        var who = new Option<string>("--by") { Description = "The person who decides this; kept in the log, not shown to the public.", Required = true };
        var reason = new Option<string>("--reason") { Description = "Why, for whoever reads the log.", Required = true };
        foreach (var text in new[] { who, reason })
            text.Validators.Add(result =>
            {
                if (result.Tokens is [var token] && (string.IsNullOrWhiteSpace(token.Value) || token.Value.Length > LongestText))
                    result.AddError($"{result.Option.Name} is a text of {LongestText} characters at most.");
            });
        var command = new Command("publish", "Makes one measurement public, with its day and without its time, by a named person.") { uid, who, reason };
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            if (!await store.Get<RowPublications>().AddAsync(parsed.GetValue(uid), parsed.GetValue(who)!.Trim(), parsed.GetValue(reason)!.Trim(), ct))
                throw new CommandFailure($"There is no measurement {parsed.GetValue(uid)}: it never was, was withdrawn by its volunteer, or is past retention.");
            surroundings.Output.WriteLine($"Measurement {parsed.GetValue(uid)} is public from the end of its day and the delay on, by {parsed.GetValue(who)}.");
            return 0;
        });
        return command;
    }
}
