using System.CommandLine;
using ProbeNet.Collector.Service.Checks;

namespace ProbeNet.Collector.Service.Commands;

static class DoctorCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var json = Listing.JsonOption();
        var command = new Command("doctor", "Checks the installation and says what to do. Fails when something cannot work.") { json };
        command.SetAction(async (parsed, ct) =>
        {
            var configuration = CollectorConfiguration.Read(surroundings);
            List<Check> checks =
            [
                .. MachineChecks.All(configuration, surroundings.Time),
                .. await Progress.WhileAsync(surroundings, "Looking at the store", StoreChecks.AllAsync(surroundings, ct)),
                await Progress.WhileAsync(surroundings, "Asking the broker", BrokerCheck.RunAsync(configuration, ct)),
                .. AddressChecks.All(configuration, surroundings.Time),
            ];
            if (parsed.GetValue(json))
                Listing.WriteJson(surroundings.Output, checks);
            else
                Write(surroundings.Output, checks);
            var failed = checks.Count(check => check.Result == CheckResult.Failed);
            return failed == 0 ? 0 : throw new CommandFailure($"{failed} of {checks.Count} checks failed.");
        });
        return command;
    }

    static void Write(TextWriter output, List<Check> checks)
    {
        foreach (var check in checks)
        {
            var glyph = check.Result switch { CheckResult.Ok => "ok  ", CheckResult.Warning => "warn", _ => "FAIL" };
            output.WriteLine($"{glyph}  {check.Name}: {check.Said}");
            if (check.Remedy.Length > 0)
                output.WriteLine($"      -> {check.Remedy}");
        }
        output.WriteLine($"{checks.Count} checks: {Count(CheckResult.Ok)} ok, {Count(CheckResult.Warning)} warnings, {Count(CheckResult.Failed)} failed.");

        int Count(CheckResult result) => checks.Count(check => check.Result == result);
    }
}
