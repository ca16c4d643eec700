using Microsoft.Extensions.Options;
using Npgsql;
using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Api;
using ProbeNet.Collector.Api.Exports;
using ProbeNet.Collector.Observations;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Service.Commands;

/// <summary>Cells as the commands print them in JSON: the REST interface's own answer, as an operator's key would get it.</summary>
sealed class CellOutput(CommandStore store, TimeProvider time)
{
    // Who has the store's files needs no key of the API.
    public static readonly Caller Operator = new(ApiRole.Operator, null);

    public Publication Publication { get; } = new(Options.Create(PublicationOf(store.Configuration)), time);

    public MatrixView Of(Matrix matrix) => Readings.View(matrix, new Filter(), Operator);

    public ExplanationView Of(CellExplanation explanation) =>
        Publication.View(explanation, Readings.NameOf(explanation.Cell.Asn), Operator);

    public MatrixReading Readings => new(Publication, store.Get<AsnTable>());

    /// <summary>What `export` writes.</summary>
    public ExportRows Rows => new(
        store.Get<CellQueries>(), Readings, new(store.Get<NpgsqlDataSource>(), store.Get<ListTargets>(), store.Get<AttributionQueries>(), Publication),
        store.Get<MeasurementQueries>(), store.Get<FindingQueries>(), store.Get<ObservationReader>(), store.Get<EvidenceQueries>(), Publication, time);

    public ManifestWriting Manifests => new(new(new ListQueries(store.Get<NpgsqlDataSource>()), store.Configuration), Publication);

    static PublicationOptions PublicationOf(IConfiguration configuration) =>
        configuration.GetSection(PublicationOptions.Section).Get<PublicationOptions>() ?? new();
}
