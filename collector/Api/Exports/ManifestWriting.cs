using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Exchange;

namespace ProbeNet.Collector.Api.Exports;

/// <summary>Manifests of exports that begin.</summary>
sealed class ManifestWriting(Attributions attributions, Publication publication)
{
    /// <param name="filter">As it was asked for, without the days.</param>
    public async Task<ExportManifest> BeginAsync(
        ExportKind kind, ExportFormat format, IDataset data, Caller caller, IReadOnlyDictionary<string, string> filter, CellWindow window, DateTimeOffset asOf,
        CancellationToken ct) => new(
            ExportManifest.CurrentFormat, kind.Name, format.Word(), caller.IsPublic ? "public" : "analysts", ExportKind.SchemaVersion, data.Columns,
            publication.Licence, await attributions.OfAsync(ct), asOf, filter, window.Since, window.Until, []);
}
