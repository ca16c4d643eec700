using System.CommandLine;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Service.Commands;

/// <summary>What an operator does with the store as a whole.</summary>
static class StoreCommands
{
    public static Command Migrate(Surroundings surroundings)
    {
        var command = new Command("migrate", "Brings the store's schema to this version; serve does the same when it starts.");
        command.SetAction(async (_, ct) =>
        {
            await using var store = await Progress.WhileAsync(
                surroundings, "Bringing the schema to this version", OpenStore.OpenAsync(Location(surroundings), beside: true, surroundings.Time, Silent, ct));
            var schema = store.Schema;
            surroundings.Output.WriteLine(schema.From == schema.To
                ? $"Schema {schema.To} ({Name(schema.Edition)}), nothing to do."
                : $"Schema {schema.From} -> {schema.To} ({Name(schema.Edition)}).");
            return 0;
        });
        return command;
    }

    public static Command Backup(Surroundings surroundings)
    {
        var file = new Argument<string>("FILE") { Description = "A tar file, readable by its owner alone; not encrypted." };
        var command = new Command("backup", "Writes keys and store to a file. It may run beside serve.") { file };
        command.SetAction(async (parsed, ct) =>
        {
            var location = Location(surroundings);
            await using var store = await OpenStore.OpenAsync(location, beside: true, surroundings.Time, Silent, ct);
            var path = Path.GetFullPath(parsed.GetValue(file)!);
            var made = DateOnly.FromDateTime(surroundings.Time.GetUtcNow().UtcDateTime);
            await Progress.WhileAsync(surroundings, "Writing the store",
                StoreBackup.WriteAsync(path, location, StateDirectory(surroundings), new(store.Schema.To, store.Schema.Edition, made), ct));
            surroundings.Output.WriteLine($"{path}: {new FileInfo(path).Length / 1024.0 / 1024.0:0.0} MiB. Keep it as secret as the collector: the keys are in it.");
            return 0;
        });
        return command;
    }

    public static Command Restore(Surroundings surroundings)
    {
        var file = new Argument<string>("FILE") { Description = "What backup wrote." };
        var command = new Command("restore", "Reads keys and store from a file into an empty store, while serve is stopped.") { file };
        command.SetAction(async (parsed, ct) =>
        {
            var location = Location(surroundings);
            var path = Path.GetFullPath(parsed.GetValue(file)!);
            if (!File.Exists(path))
                throw new CommandFailure($"There is no {path}.");
            await using var server = await StoreServer.StartAsync(location, beside: true, surroundings.Time, Silent, ct);
            var schema = await Progress.WhileAsync(surroundings, "Reading the store", StoreBackup.ReadAsync(path, location, server, StateDirectory(surroundings), ct));
            surroundings.Output.WriteLine($"Restored; schema {schema.To} ({Name(schema.Edition)}).");
            return 0;
        });
        return command;
    }

    internal static string Name(StoreEdition edition) => edition == StoreEdition.Timescale ? "TimescaleDB" : "plain PostgreSQL";

    internal static StoreLocation Location(Surroundings surroundings)
    {
        var configuration = CollectorConfiguration.Read(surroundings);
        return StoreLocation.Of(configuration, configuration[CollectorConfiguration.StateDirectory]!);
    }

    // What is wrong is said once, by the command itself.
    internal static ILoggerFactory Silent => Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory.Instance;

    static string StateDirectory(Surroundings surroundings) => CollectorConfiguration.Read(surroundings)[CollectorConfiguration.StateDirectory]!;
}
