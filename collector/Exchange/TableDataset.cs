using System.Text;
using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Exchange;

/// <param name="exact">Counts are whole numbers; else they are names of classes.</param>
/// <param name="about">Licence and the like: key and value, in Parquet's own place for them.</param>
/// <param name="rows">Of a window.</param>
sealed class TableDataset<T>(Table<T> table, bool exact, IReadOnlyDictionary<string, string> about, Func<CellWindow, CancellationToken, IAsyncEnumerable<T>> rows) : IDataset
{
    public IReadOnlyList<ManifestColumn> Columns => [.. table.Columns.Select(column => new ManifestColumn(column.Name, column.Type.For(exact).Word()))];

    public async Task<long> WriteAsync(CellWindow window, ExportFormat format, Stream output, CancellationToken ct)
    {
        if (format == ExportFormat.Parquet)
            return await ParquetFile.WriteAsync(table, output, rows(window, ct), exact, about, ct);
        await using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        return await WriteTextAsync(window, format, writer, _ => { }, ct);
    }

    public async Task<long> WriteTextAsync(CellWindow window, ExportFormat format, TextWriter output, Action<long> written, CancellationToken ct)
    {
        if (format == ExportFormat.Csv)
            table.WriteCsvHead(output);
        var count = 0L;
        await foreach (var row in rows(window, ct))
        {
            if (format == ExportFormat.Csv)
                table.WriteCsv(output, row);
            else
                table.WriteJson(output, row);
            written(++count);
        }
        return count;
    }
}
