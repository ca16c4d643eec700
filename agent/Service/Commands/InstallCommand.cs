using System.CommandLine;

namespace ProbeNet.Agent.Service.Commands;

static class InstallCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var name = ServiceNameOption.Create();
        var command = new Command("install", "Makes a service of this program, and starts it.") { name };
        command.SetAction(async (parsed, ct) =>
        {
            var chosen = parsed.GetRequiredValue(name);
            var configuration = new ConfigurationBuilder();
            AgentConfiguration.Apply(configuration, surroundings);
            await ServiceInstaller.InstallAsync(chosen, configuration.Build()["Agent:StateDirectory"] ?? "", ct);
            surroundings.Output.WriteLine($"The service '{chosen}' runs. It measures nothing before 'probenet-agent enroll'.");
            return 0;
        });
        return command;
    }
}
