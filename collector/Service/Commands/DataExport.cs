using System.CommandLine;
using ProbeNet.Collector.Api.Exports;
using ProbeNet.Collector.Exchange;

namespace ProbeNet.Collector.Service.Commands;

/// <summary>Cells, events and measurements as files.</summary>
static class DataExport
{
    static readonly Dictionary<string, string> Descriptions = new(StringComparer.Ordinal)
    {
        ["cells"] = "Cells: a row for each site and provider of a country.",
        ["events"] = "Onsets and ends: a row for each provider of each event.",
        ["rows"] = "Single measurements with their findings. They are not for the public: a time, a rare site and a provider can point at a person.",
        ["ooni"] = "Single measurements in OONI's data format 0.2.0, one on a line; without any resolver's address.",
    };

    public static IEnumerable<Command> All(Surroundings surroundings) => ExportKind.All.Select(kind => Create(surroundings, kind));

    static Command Create(Surroundings surroundings, ExportKind kind)
    {
        var command = new Command(kind.Name, Descriptions[kind.Name]);
        var options = new ExportOptions(command, kind);
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            var output = new CellOutput(store, surroundings.Time);
            var (caller, filter) = (options.Caller(parsed), options.Filter(parsed));
            var window = output.Publication.WindowFor(caller, filter, out var fault) ?? throw new CommandFailure($"--{fault.Name}: {fault.Why}");
            var format = options.Format(parsed);
            if (format == ExportFormat.Parquet)
            {
                var now = surroundings.Time.GetUtcNow();
                var data = kind.Open(output.Rows, caller, filter with { AsOf = now });
                var begun = await output.Manifests.BeginAsync(kind, format, data, caller, options.Given(parsed), window, now, ct);
                await WriteFolderAsync(surroundings, data, options.Folder(parsed), begun, ct);
                return 0;
            }
            var written = 0L;
            await Progress.WhileAsync(surroundings, () => $"{Interlocked.Read(ref written)} rows",
                options.WriteAsync(parsed, surroundings, writer => kind.Open(output.Rows, caller, filter).WriteTextAsync(window, format, writer, count => Interlocked.Exchange(ref written, count), ct)));
            return 0;
        });
        return command;
    }

    static async Task WriteFolderAsync(Surroundings surroundings, IDataset data, string path, ExportManifest begun, CancellationToken ct)
    {
        var folder = await ExportFolder.OpenAsync(path, begun, ct);
        await Progress.WhileAsync(surroundings, () => $"{folder.Manifest.Partitions.Count} of {folder.Manifest.Days.Count()} days", WriteAsync());

        async Task<int> WriteAsync()
        {
            foreach (var day in folder.Missing.ToList())
                await folder.AddAsync(data, day, ct);
            return folder.Manifest.Partitions.Count;
        }
    }
}
