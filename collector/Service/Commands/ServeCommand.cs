using System.CommandLine;

namespace ProbeNet.Collector.Service.Commands;

static class ServeCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var roles = new Option<Roles>("--roles")
        {
            Description = "Parts to run, separated by commas: intake, writer, analysis, web. Default: all.",
            DefaultValueFactory = _ => Roles.All,
            CustomParser = result =>
            {
                var chosen = Roles.None;
                foreach (var name in result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.TrimEntries)))
                {
                    if (Enum.TryParse<Roles>(name, ignoreCase: true, out var role) && role is not (Roles.None or Roles.All))
                        chosen |= role;
                    else
                        result.AddError($"Unknown role '{name}': intake, writer, analysis or web.");
                }
                return chosen;
            },
        };
        var command = new Command("serve", "Runs the collector until it is stopped.") { roles };
        command.SetAction(async (parsed, ct) =>
        {
            await using var app = CollectorHost.Build(surroundings, parsed.GetValue(roles));
            await app.StartAsync(ct);
            await app.WaitForShutdownAsync(ct);
            return 0;
        });
        return command;
    }
}
