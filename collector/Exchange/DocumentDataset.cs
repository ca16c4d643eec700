using System.Text;
using System.Text.Json.Nodes;
using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Exchange;

/// <summary>One JSON document on a line, without columns: there is one format.</summary>
/// <param name="documents">Of a window.</param>
sealed class DocumentDataset(Func<CellWindow, CancellationToken, IAsyncEnumerable<JsonObject>> documents) : IDataset
{
    public IReadOnlyList<ManifestColumn> Columns => [];

    public async Task<long> WriteAsync(CellWindow window, ExportFormat format, Stream output, CancellationToken ct)
    {
        await using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        return await WriteTextAsync(window, format, writer, _ => { }, ct);
    }

    public async Task<long> WriteTextAsync(CellWindow window, ExportFormat format, TextWriter output, Action<long> written, CancellationToken ct)
    {
        var count = 0L;
        await foreach (var document in documents(window, ct))
        {
            await output.WriteAsync((document.ToJsonString() + "\n").AsMemory(), ct);
            written(++count);
        }
        return count;
    }
}
