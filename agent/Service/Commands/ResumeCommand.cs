using System.CommandLine;
using ProbeNet.Agent.Identity;

namespace ProbeNet.Agent.Service.Commands;

static class ResumeCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var command = new Command("resume", "Measures again after a pause.");
        command.SetAction(_ =>
        {
            using var services = AgentServices.Build(surroundings);
            var pause = services.GetRequiredService<Pause>();
            var wasPaused = pause.IsOn;
            pause.Clear();
            surroundings.Output.WriteLine(wasPaused ? "Measuring again." : "It was not paused.");
            return 0;
        });
        return command;
    }
}
