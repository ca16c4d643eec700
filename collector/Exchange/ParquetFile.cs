using Parquet;
using Parquet.Schema;

namespace ProbeNet.Collector.Exchange;

/// <summary>A table as a Parquet file, in groups of rows that fit into memory. The same rows give the same bytes.</summary>
static class ParquetFile
{
    const int RowGroup = 20_000;

    /// <inheritdoc cref="TableDataset{T}"/>
    /// <returns>Rows written.</returns>
    public static async Task<long> WriteAsync<T>(
        Table<T> table, Stream output, IAsyncEnumerable<T> rows, bool exact, IReadOnlyDictionary<string, string> about, CancellationToken ct)
    {
        ParquetColumn<T>[] columns = [.. table.Columns.Select(column => new ParquetColumn<T>(column.Name, column.Type.For(exact), column.Value))];
        await using var file = await ParquetWriter.CreateAsync(
            new ParquetSchema(columns.Select(column => column.Field)), output, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd }, cancellationToken: ct);
        file.CustomMetadata = about.ToDictionary(StringComparer.Ordinal);
        var count = 0L;
        await foreach (var group in rows.Chunk(RowGroup).WithCancellation(ct))
        {
            using var writer = file.CreateRowGroup();
            foreach (var column in columns)
                await column.WriteAsync(writer, group, ct);
            writer.CompleteValidate();
            count += group.Length;
        }
        return count;
    }
}
