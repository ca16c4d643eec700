using System.CommandLine;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Npgsql;
using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Api;
using ProbeNet.Collector.Exchange;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Service.Commands;

/// <summary>Cells, events and measurements as files.</summary>
static class DataExport
{
    public static Command Cells(Surroundings surroundings) => Create(surroundings, "cells", "Cells: a row for each site and provider of a country.", needsCountry: true, publishable: true,
        (store, output, caller, filter, ct) => (MatrixCsv.Table, CellsAsync(store, output, caller, filter, ct)));

    public static Command Events(Surroundings surroundings) => Create(surroundings, "events", "Onsets and ends: a row for each provider of each event.", needsCountry: false, publishable: true,
        (store, output, caller, filter, ct) => (RowTable.Events(output.Publication.Licence), EventsAsync(store, output, caller, filter, ct)));

    public static Command Rows(Surroundings surroundings) => Create(surroundings, "rows", "Single measurements with their findings. They are not for the public: a time, a rare site and a provider can point at a person.",
        needsCountry: false, publishable: false,
        (store, output, _, filter, ct) => (RowTable.Rows(output.Publication.Licence), MeasurementsAsync(store, filter, surroundings.Time, ct).Select(row => RowView.Of(row.Measurement, row.Finding))));

    public static Command Ooni(Surroundings surroundings)
    {
        var command = new Command("ooni", "Single measurements in OONI's data format 0.2.0, one on a line; without any resolver's address.");
        var options = new ExportOptions(command, needsCountry: false, tabular: false, publishable: false);
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            var output = new CellOutput(store, surroundings.Time);
            var written = 0L;
            await Progress.WhileAsync(surroundings, () => $"{Interlocked.Read(ref written)} measurements",
                options.WriteAsync(parsed, surroundings, OoniAsync(store, output, options.Filter(parsed), surroundings.Time, ct), count => Interlocked.Exchange(ref written, count),
                    head: _ => { }, write: (writer, document) => writer.Write(document.ToJsonString() + "\n"), ct));
            return 0;
        });
        return command;
    }

    static Command Create<T>(
        Surroundings surroundings, string name, string description, bool needsCountry, bool publishable,
        Func<CommandStore, CellOutput, Caller, Filter, CancellationToken, (Table<T> Table, IAsyncEnumerable<T> Rows)> read)
    {
        var command = new Command(name, description);
        var options = new ExportOptions(command, needsCountry, tabular: true, publishable);
        command.SetAction(async (parsed, ct) =>
        {
            await using var store = await CommandStore.OpenAsync(surroundings, ct);
            var (table, rows) = read(store, new(store, surroundings.Time), options.Caller(parsed), options.Filter(parsed), ct);
            var written = 0L;
            await Progress.WhileAsync(surroundings, () => $"{Interlocked.Read(ref written)} rows",
                options.WriteAsync(parsed, surroundings, table, rows, count => Interlocked.Exchange(ref written, count), ct));
            return 0;
        });
        return command;
    }

    static async IAsyncEnumerable<MatrixRow> CellsAsync(CommandStore store, CellOutput output, Caller caller, Filter filter, [EnumeratorCancellation] CancellationToken ct)
    {
        var window = output.Publication.WindowFor(caller, filter, out var fault) ?? throw new CommandFailure($"--{fault.Name}: {fault.Why}");
        var matrix = await store.Get<CellQueries>().MatrixAsync(filter.Cc!, window, CellFilter.Everything, ct, output.Publication.LeastFor(caller));
        foreach (var row in MatrixCsv.Rows(output.Readings.View(matrix, filter, caller)))
            yield return row;
    }

    static async IAsyncEnumerable<(EventView, EventIspView)> EventsAsync(CommandStore store, CellOutput output, Caller caller, Filter filter, [EnumeratorCancellation] CancellationToken ct)
    {
        var reading = new EventReading(store.Get<NpgsqlDataSource>(), store.Get<ListTargets>(), store.Get<AttributionQueries>(), output.Publication);
        Cursor? next = null;
        do
        {
            var (events, after, _) = await reading.ListAsync(caller, filter with { After = next }, ct);
            foreach (var e in events)
                foreach (var isp in e.Isps)
                    yield return (e, isp);
            next = after;
        }
        while (next is not null);
    }

    static async IAsyncEnumerable<(ListedMeasurement Measurement, Finding Finding)> MeasurementsAsync(CommandStore store, Filter filter, TimeProvider time, [EnumeratorCancellation] CancellationToken ct)
    {
        var until = filter.Until ?? time.GetUtcNow().AddDays(1);
        var query = new RowFilter { Cc = filter.Cc, Target = filter.Domain, Since = filter.Since ?? until.AddDays(-CellWindow.DefaultDays), Until = until };
        while (true)
        {
            var page = await store.Get<MeasurementQueries>().RowsAsync(query, filter.Limit, ct).ToListAsync(ct);
            var findings = await store.Get<FindingQueries>().JudgeAsync([.. page.Select(measurement => measurement.Row)], ct);
            foreach (var row in page.Zip(findings))
                yield return row;
            if (page.Count < filter.Limit)
                yield break;
            query = query with { After = (page[^1].Row.Time, page[^1].Row.Uid) };
        }
    }

    static async IAsyncEnumerable<JsonObject> OoniAsync(CommandStore store, CellOutput output, Filter filter, TimeProvider time, [EnumeratorCancellation] CancellationToken ct)
    {
        var subjects = new OoniSubjects(store.Get<ObservationReader>(), store.Get<EvidenceQueries>(), asn => output.Readings.NameOf(asn) ?? "", output.Publication.Licence);
        await foreach (var (measurement, finding) in MeasurementsAsync(store, filter, time, ct))
            if (measurement.Row.Role == Protos.V1.Role.Agent)
                yield return OoniDocument.Of(await subjects.OfAsync(measurement, finding, ct));
    }
}
