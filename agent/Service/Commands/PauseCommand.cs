using System.CommandLine;
using ProbeNet.Agent.Identity;

namespace ProbeNet.Agent.Service.Commands;

static class PauseCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var duration = new Argument<TimeSpan?>("DURATION")
        {
            Description = "How long: 30m, 2h, 1d. Without it, until resume.",
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = result =>
            {
                if (result.Tokens.Count == 0)
                    return null;
                if (Durations.TryParse(result.Tokens[0].Value, out var parsed))
                    return parsed;
                result.AddError($"'{result.Tokens[0].Value}' is no duration: 30m, 2h, 1d.");
                return null;
            },
        };
        var command = new Command("pause", "Stops measuring, for a while or until resume. What was measured is still delivered.") { duration };
        command.SetAction(parsed =>
        {
            using var services = AgentServices.Build(surroundings);
            DateTimeOffset? until = parsed.GetValue(duration) is { } span ? surroundings.Time.GetUtcNow() + span : null;
            services.GetRequiredService<Pause>().Set(until);
            surroundings.Output.WriteLine(until is { } end
                ? $"Paused until {end:yyyy-MM-dd HH:mm} UTC."
                : "Paused until 'probenet-agent resume'.");
            return 0;
        });
        return command;
    }
}
