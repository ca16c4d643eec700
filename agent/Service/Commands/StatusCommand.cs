using System.CommandLine;
using ProbeNet.Agent.Service.Output;

namespace ProbeNet.Agent.Service.Commands;

static class StatusCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var json = new Option<bool>("--json") { Description = "Prints JSON." };
        var command = new Command("status", "Connection, spool, budget, list, tasks: what the agent does now.") { json };
        command.SetAction(parsed =>
        {
            using var services = AgentServices.Build(surroundings);
            Listing.Write(surroundings, parsed.GetValue(json), StatusView.Read(services), AgentJson.Default.StatusView, status => status.Rows());
            return 0;
        });
        return command;
    }
}
