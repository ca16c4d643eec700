using System.CommandLine;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Sealing;
using ProbeNet.Agent.Service.Output;
using ProbeNet.Agent.Spool;
using ProbeNet.Agent.Uplink;

namespace ProbeNet.Agent.Service.Commands;

static class SpoolCommand
{
    public static Command Create(Surroundings surroundings) =>
        new("spool", "Measurements that wait to be delivered.") { Export(surroundings), Status(surroundings) };

    static Command Status(Surroundings surroundings)
    {
        var json = new Option<bool>("--json") { Description = "Prints JSON." };
        var command = new Command("status", "How many were produced, accepted, rejected, dropped, and wait.") { json };
        command.SetAction(parsed =>
        {
            using var services = AgentServices.Build(surroundings);
            var view = SpoolView.Of(SpoolStatus.Read(services.GetRequiredService<StateDirectory>(), surroundings.Time));
            Listing.Write(surroundings, parsed.GetValue(json), view, AgentJson.Default.SpoolView, spool => spool.Rows());
            return 0;
        });
        return command;
    }

    static Command Export(Surroundings surroundings)
    {
        var path = new Argument<string>("FILE") { Description = "The file to write; it must not exist." };
        var command = new Command("export", "Writes what waits, sealed and encrypted, into a file that a person can carry to the collector.") { path };
        command.SetAction(parsed =>
        {
            var target = Path.GetFullPath(parsed.GetRequiredValue(path));
            RequireSomething(surroundings);
            // Opened before the state's owner is become: the file belongs to whoever gave the command.
            using var output = new FileStream(target, FileMode.CreateNew, FileAccess.Write);
            using var services = AgentServices.Build(surroundings);
            var state = services.GetRequiredService<StateDirectory>();
            SealWhatCan(services, state, surroundings.Time);
            using var spool = ChunkSpool.TryOpenReadOnly(SealingRegistration.SpoolDirectory(state, readOnly: true), surroundings.Time);
            if (spool is null || spool.Waiting == 0)
                throw NothingSealed(SpoolStatus.Read(state, surroundings.Time).Waiting);
            var exported = SpoolExport.Write(spool, services.GetRequiredService<NetworkKeys>(), output);
            output.Flush(flushToDisk: true);
            surroundings.Output.WriteLine(
                $"{exported.Measurements} of {spool.Waiting} measurements in {exported.Batches} batches. They stay in the spool: the collector keeps each once.");
            if (exported.Uncertified > 0)
                throw new CommandFailure($"{exported.Uncertified} of {spool.Waiting} measurements were left out: no collector has certified the key of their network yet.");
            return 0;
        });
        return command;
    }

    // Looked at before the file is made, which the state's owner could not remove again. Nothing is written.
    static void RequireSomething(Surroundings surroundings)
    {
        var configuration = new ConfigurationBuilder();
        AgentConfiguration.Apply(configuration, surroundings);
        var directory = configuration.Build()["Agent:StateDirectory"];
        if (!Directory.Exists(directory) || SpoolStatus.Read(new StateDirectory(directory), surroundings.Time).Waiting == 0)
            throw NothingWaits();
    }

    static CommandFailure NothingWaits() => new("nothing waits in the spool: all that was measured is delivered.");

    static CommandFailure NothingSealed(long waiting) => waiting == 0
        ? NothingWaits()
        : new($"{waiting} measurements wait and none is sealed yet: the running service seals them before it next speaks to the collector. Export then, or after the service has ended.");

    // A running service seals by itself, and holds the lock.
    static void SealWhatCan(ServiceProvider services, StateDirectory state, TimeProvider time)
    {
        try
        {
            using var held = new StateLock(state);
            using var spool = ChunkSpool.Open(SealingRegistration.SpoolDirectory(state), new SpoolLimits(), time);
            using var journal = new Journal(SealingRegistration.JournalDirectory(state), services.GetRequiredService<StateKey>(), spool.Total);
            _ = new Sealer(
                journal, spool, services.GetRequiredService<NetworkKeys>(), services.GetRequiredService<StateFile<Enrollment>>(),
                services.GetRequiredService<StateKey>()).SealAll();
        }
        catch (IOException)
        {
            return;
        }
    }
}
