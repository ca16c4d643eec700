using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Exchange;

/// <summary>Data of whole UTC days that can be written as a file.</summary>
interface IDataset
{
    /// <summary>None for what has no columns.</summary>
    IReadOnlyList<ManifestColumn> Columns { get; }

    /// <returns>Rows written.</returns>
    Task<long> WriteAsync(CellWindow window, ExportFormat format, Stream output, CancellationToken ct);

    /// <param name="format">One of those that are text.</param>
    /// <param name="written">Told after each row how many there are.</param>
    /// <returns>Rows written.</returns>
    Task<long> WriteTextAsync(CellWindow window, ExportFormat format, TextWriter output, Action<long> written, CancellationToken ct);
}
