using System.CommandLine;
using ProbeNet.Agent.Service.Checks;
using ProbeNet.Agent.Service.Output;

namespace ProbeNet.Agent.Service.Commands;

static class DoctorCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var json = new Option<bool>("--json") { Description = "Prints JSON." };
        var command = new Command("doctor", "Checks this machine, its network and the way to the collector, each with a remedy.") { json };
        command.SetAction(async (parsed, ct) =>
        {
            await using var services = AgentServices.Build(surroundings);
            CheckResult[] results =
            [
                .. new LocalChecks(services, surroundings.Time).Run(),
                .. await Progress.WhileAsync(surroundings, "Checking the network", new LineChecks(services, surroundings.Time).RunAsync(ct)),
            ];
            var view = DoctorView.Of(results);
            Listing.Write(surroundings, parsed.GetValue(json), view, AgentJson.Default.DoctorView, Rows);
            if (view.Failed > 0)
                throw new CommandFailure($"{view.Failed} of {results.Length} checks failed.");
            return 0;
        });
        return command;
    }

    static IEnumerable<(string, string)> Rows(DoctorView view) =>
        view.Checks.Select(check => ($"{check.Status,-8} {check.Name}", check.Remedy is null || check.Status == "ok" ? check.Detail : $"{check.Detail} Remedy: {check.Remedy}"));
}
