using System.CommandLine;
using ProbeNet.Collector.Intake;
using ProbeNet.Collector.Observations;
using ProbeNet.Collector.Queue;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Service.Commands;

static class ServeCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var roles = new Option<Roles>("--roles")
        {
            Description = "Parts to run, separated by commas: intake, writer, analysis, web. All of them where none is named.",
            HelpName = "ROLES",
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
            var configuration = CollectorConfiguration.Read(surroundings);
            var chosen = parsed.GetValue(roles);
            if (chosen.HasFlag(Roles.Intake) && !chosen.HasFlag(Roles.Writer) && !QueueRegistration.HasBroker(configuration))
                throw new CommandFailure("An intake without a writer needs a broker: set ConnectionStrings__Queue, or add the role writer.");
            // Tried before the store is opened: what cannot succeed should not take long.
            ListenerPorts.Require(configuration);
            _ = PublicAddresses.Of(configuration);
            _ = QueueRegistration.BrokerOf(configuration);
            _ = IntakeRegistration.TrustedProxies(configuration);
            using var loggers = LoggerFactory.Create(Logs.Add);
            var location = StoreLocation.Of(configuration, configuration[CollectorConfiguration.StateDirectory]!);
            await using var store = await OpenStore.OpenAsync(location, beside: false, surroundings.Time, loggers, ct);
            await using var app = CollectorHost.Build(surroundings, chosen, store);
            // Read now: otherwise the first volunteer would find out that it cannot be.
            _ = app.Services.GetRequiredService<AsnTable>();
            await app.StartAsync(ct);
            surroundings.Output.WriteLine("Listening on " + string.Join(" and ", app.Urls));
            var stopped = app.WaitForShutdownAsync(ct);
            if (await Task.WhenAny(stopped, store.Lost) == stopped)
                return 0;
            await app.StopAsync(ct);
            throw new CommandFailure("The private PostgreSQL ended by itself; start again.");
        });
        return command;
    }
}
