using System.CommandLine;
using Npgsql;
using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Fleet;
using ProbeNet.Collector.Intake;
using ProbeNet.Collector.Queue;
using ProbeNet.Collector.Service.Imports;
using ProbeNet.Collector.Store;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;

namespace ProbeNet.Collector.Service.Commands;

static class ImportCommand
{
    const int ProgressEvery = 20;

    public static Command Create(Surroundings surroundings)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Spool files, as `probenet-agent spool export` writes them; or measurements of OONI's, JSON or JSON Lines, plain, gzip or zstd.",
            Arity = ArgumentArity.OneOrMore,
        };
        var json = new Option<bool>("--json") { Description = "Prints each of OONI's measurements with both verdicts as a line of JSON." };
        var command = new Command("import", "Takes measurements that were carried by hand.") { files, json };
        command.SetAction(async (parsed, ct) =>
        {
            var configuration = CollectorConfiguration.Read(surroundings);
            using var loggers = LoggerFactory.Create(logging => logging.ClearProviders());
            var location = StoreLocation.Of(configuration, configuration[CollectorConfiguration.StateDirectory]!);
            await using var store = await Service.Progress.WhileAsync(
                surroundings, "Opening the store", OpenStore.OpenAsync(location, beside: true, surroundings.Time, loggers, ct));
            using var host = Build(surroundings, store);
            await host.StartAsync(ct);
            var failed = 0;
            foreach (var file in parsed.GetValue(files)!)
                failed += await TakeAsync(surroundings, host.Services, configuration, file, parsed.GetValue(json), ct) ? 0 : 1;
            await host.StopAsync(ct);
            return failed == 0 ? 0 : throw new CommandFailure($"{failed} of {parsed.GetValue(files)!.Length} files gave nothing.");
        });
        return command;
    }

    static IHost Build(Surroundings surroundings, OpenStore store)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        CollectorConfiguration.Apply(builder.Configuration, surroundings);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(surroundings.Time);
        builder.Services.AddStore(store).AddFleet();
        var direct = !QueueRegistration.HasBroker(builder.Configuration);
        if (direct)
        {
            builder.Services.AddMeasurementWriter();
            builder.Services.AddSingleton<IBatchSink>(provider => provider.GetRequiredService<MeasurementWriter>());
        }
        builder.Services.AddQueue(builder.Configuration, publishes: true, consumes: false);
        return builder.Build();
    }

    static async Task<bool> TakeAsync(
        Surroundings surroundings, IServiceProvider services, IConfiguration configuration, string file, bool json, CancellationToken ct)
    {
        if (!File.Exists(file))
            throw new CommandFailure($"{file} does not exist.");
        await using var input = File.OpenRead(file);
        if (OoniFile.Looks(input))
            return await TakeOoniAsync(surroundings, services, configuration, file, input, json, ct);
        if (!CarriedFile.TryReadHead(input))
            throw new CommandFailure($"{file} is neither a spool file nor one of OONI's.");
        var fleet = await services.GetRequiredService<FleetReader>().ReadAsync(ct);
        try
        {
            var outcome = await CarriedIntake.TakeAsync(input, fleet, services.GetRequiredService<IBatchQueue>(), Day.Of(surroundings.Time.GetUtcNow()),
                batches => Progress(surroundings, file, batches, input.Position, input.Length), ct);
            surroundings.Output.WriteLine($"{file}: {outcome.Batches} batches, {outcome.Accepted} measurements accepted, {outcome.Rejected.Values.Sum()} batches rejected");
            foreach (var (reason, count) in outcome.Rejected)
                surroundings.Output.WriteLine($"  {count} {reason}: {Remedies.For(reason)}");
            return outcome.Accepted > 0 || outcome.Batches == 0;
        }
        catch (InvalidDataException e)
        {
            throw new CommandFailure($"{file}: {e.Message}");
        }
    }

    static async Task<bool> TakeOoniAsync(
        Surroundings surroundings, IServiceProvider services, IConfiguration configuration, string file, FileStream input, bool json, CancellationToken ct)
    {
        try
        {
            var fingerprints = ConfiguredFiles.Fingerprints(configuration);
            var imported = await new OoniImport(new OoniMeasurements(services.GetRequiredService<NpgsqlDataSource>()), fingerprints, surroundings.Time)
                .RunAsync(input, json, surroundings.Output.WriteLine, ct);
            if (!json)
                surroundings.Output.WriteLine(
                    $"{file}: {imported.New} measurements imported, {imported.Known} known already, {imported.Others} of other tests passed over; "
                    + $"{imported.Agreed} of the {imported.Decided} that OONI decided are decided alike");
            return imported.New + imported.Known > 0;
        }
        catch (InvalidDataException e)
        {
            throw new CommandFailure($"{file}: {e.Message}");
        }
    }

    static void Progress(Surroundings surroundings, string file, long batches, long position, long length)
    {
        if (surroundings.IsTerminal && batches % ProgressEvery == 0)
            surroundings.Error.Write($"\r{file}: {100 * position / Math.Max(length, 1)} % ");
    }
}
