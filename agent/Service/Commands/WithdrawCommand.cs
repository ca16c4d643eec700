using System.CommandLine;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Sealing;
using ProbeNet.Agent.Service.Output;
using ProbeNet.Agent.Spool;
using ProbeNet.Agent.Uplink;
using ProbeNet.Protos.Identifiers;

namespace ProbeNet.Agent.Service.Commands;

static class WithdrawCommand
{
    public static Command Create(Surroundings surroundings)
    {
        var since = new Option<string?>("--since") { Description = "Withdraws what was measured on and after this day (2026-11-20, or 3d). Without it, everything." };
        var command = new Command("withdraw", "Asks the collector, signed by this machine's keys, to delete what this machine sent.") { since };
        command.Validators.Add(result => SinceOption.Validate(result, since, surroundings));
        command.SetAction(async (parsed, ct) =>
        {
            await using var services = AgentServices.Build(surroundings);
            if (services.GetRequiredService<StateFile<Enrollment>>().Current is null)
                throw new CommandFailure("this machine has not joined a collector: nothing was ever sent.");
            var day = SinceOption.Read(parsed, since, surroundings) is { } from ? Day.Of(from) : 0;
            var ends = await Progress.WhileAsync(
                surroundings, "Withdrawing", services.GetRequiredService<WithdrawClient>().WithdrawAsync(day, LastSeals(services), ct));
            if (ends.Count == 0)
            {
                surroundings.Output.WriteLine("Nothing was ever sent: no key of this machine has a certificate.");
                return 0;
            }
            var done = ends.Count(end => end.End.Result == ContactResult.Done);
            surroundings.Output.WriteLine($"Withdrawn under {done} of {ends.Count} keys. The rows go with the collector's next write; totals already published stay published.");
            if (ends.FirstOrDefault(end => end.End.Result != ContactResult.Done) is { } failed)
                throw new CommandFailure($"{ends.Count - done} of {ends.Count} keys: {Contact.Describe(failed.End)}");
            return 0;
        });
        return command;
    }

    static Func<ulong, SpooledSeal> LastSeals(ServiceProvider services)
    {
        var directory = SealingRegistration.SpoolDirectory(services.GetRequiredService<StateDirectory>(), readOnly: true);
        using var spool = ChunkSpool.TryOpenReadOnly(directory, services.GetRequiredService<TimeProvider>());
        var heads = new Dictionary<ulong, SpooledSeal>();
        foreach (var key in services.GetRequiredService<NetworkKeys>().All())
        {
            if (spool is not null && spool.TryGetLastHead(key.Number, out var head))
                heads[key.Number] = Sealer.ReadHead(services.GetRequiredService<StateKey>(), head);
        }
        return key => heads.GetValueOrDefault(key) ?? new SpooledSeal();
    }
}
