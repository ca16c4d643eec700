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
                .. await StoreChecks.AllAsync(surroundings, ct),
                await BrokerCheck.RunAsync(configuration, ct),
                .. AddressChecks.All(configuration, surroundings.Time),
            ];
            if (parsed.GetValue(json))
                Listing.WriteJson(surroundings.Output, checks);
            else
                Write(surroundings.Output, checks);
            return checks.Any(check => check.Result == CheckResult.Failed) ? 1 : 0;
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
