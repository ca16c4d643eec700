using System.CommandLine;

namespace ProbeNet.Agent.Service.Commands;

static class UninstallCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var name = ServiceNameOption.Create();
        var command = new Command("uninstall", "Stops and removes the service. The state stays: 'wipe' removes it.") { name };
        command.SetAction(async (parsed, ct) =>
        {
            var chosen = parsed.GetRequiredValue(name);
            await ServiceInstaller.UninstallAsync(chosen, ct);
            surroundings.Output.WriteLine($"The service '{chosen}' is gone. Its state stays; 'probenet-agent wipe' removes it.");
            return 0;
        });
        return command;
    }
}
