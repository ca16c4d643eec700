using System.CommandLine;

namespace ProbeNet.Agent.Service.Commands;

static class RunCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var name = ServiceNameOption.Create();
        var command = new Command("run", "The service: measures, signs, keeps, delivers, until it is stopped. Waits where the machine has not joined yet.") { name };
        command.SetAction(async (parsed, ct) =>
        {
            using var host = AgentHost.Build(surroundings, parsed.GetRequiredValue(name));
            await host.RunAsync(ct);
            return 0;
        });
        return command;
    }
}
