using System.Text.Json.Nodes;

namespace ProbeNet.Testing;

/// <summary>DuckDB, which reads Parquet with code that has nothing in common with ours.</summary>
public static class DuckDb
{
    /// <returns>Rows; whole numbers of 64 bits are text, as in JSON they must be.</returns>
    /// <exception cref="ServerMissingException">tests/install has not run.</exception>
    public static async Task<IReadOnlyList<JsonObject>> QueryAsync(string sql, CancellationToken ct)
    {
        var folder = NpmFolder.Of("duckdb") ?? throw new ServerMissingException("DuckDB for tests is not installed (tests/install)");
        var (code, output, error) = await Interpreter.RunAsync("node", [Path.Combine(folder, "query.mjs")], sql, ct);
        return code == 0
            ? [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())]
            : throw new InvalidOperationException(error);
    }
}
