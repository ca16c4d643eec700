using System.Globalization;
using System.Text.Json.Nodes;
using ProbeNet.Collector.Exchange;
using ProbeNet.Testing;
using Xunit;
using static ProbeNet.Collector.Tests.Api.WebGround;

namespace ProbeNet.Collector.Tests.Exchange;

/// <summary>What we write as Parquet, read by DuckDB.</summary>
public sealed class ParquetTests : IDisposable
{
    static readonly Table<int> Everything = new(
        ("text", ColumnType.Text, row => row % 3 == 0 ? null : $"ភាសា {row}"), ("texts", ColumnType.Texts, row => (row % 4) switch { 0 => null, 1 => [], _ => new[] { "a,;", $"b{row}" } }),
        ("whole", ColumnType.Whole, row => row % 5 == 0 ? null : (long)row << 33), ("small", ColumnType.Whole, row => -row), ("number", ColumnType.Number, row => row % 2 == 0 ? null : row / 8.0),
        ("truth", ColumnType.Truth, row => row % 7 == 0 ? null : row % 2 == 0), ("time", ColumnType.Time, row => row % 6 == 0 ? null : TimeOf(row)), ("count", ColumnType.Count, row => row));

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("probenet-parquet-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Every_type_and_every_null_comes_back_over_several_groups_of_rows()
    {
        const int rows = 20_003;
        var file = await WriteAsync("all", rows, exact: true);
        var types = (await DuckDb.QueryAsync($"describe select * from '{file}'", Ct)).Select(column => ((string)column["column_name"]!, (string)column["column_type"]!));
        Assert.Equal(
            [("text", "VARCHAR"), ("texts", "VARCHAR[]"), ("whole", "BIGINT"), ("small", "BIGINT"), ("number", "DOUBLE"), ("truth", "BOOLEAN"), ("time", "TIMESTAMP WITH TIME ZONE"), ("count", "BIGINT")],
            types);
        // Time as JSON Lines have it; the rest as it comes.
        var read = await DuckDb.QueryAsync($"select * replace (strftime(time at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') as time) from '{file}'", Ct);
        using var lines = new StringWriter();
        for (var row = 0; row < rows; row++)
            Everything.WriteJson(lines, row);
        var expected = lines.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject());
        Assert.Equal(rows, read.Count);
        Assert.All(expected.Zip(read), pair => Assert.Equal(Plain(pair.First), Plain(pair.Second)));
        Assert.Equal("CC0", (string)Assert.Single(await DuckDb.QueryAsync($"select decode(value) as value from parquet_kv_metadata('{file}') where decode(key) = 'licence'", Ct))["value"]!);
    }

    [Fact]
    public async Task Counts_that_are_not_exact_are_text_and_no_rows_are_a_file_too()
    {
        var empty = await WriteAsync("empty", 0, exact: false);
        Assert.Equal("VARCHAR", (string)(await DuckDb.QueryAsync($"describe select count from '{empty}'", Ct))[0]["column_type"]!);
        Assert.Equal("0", (string)(await DuckDb.QueryAsync($"select count(*) as n from '{empty}'", Ct))[0]["n"]!);
    }

    [Fact]
    public async Task The_same_rows_give_the_same_bytes() =>
        Assert.Equal(await File.ReadAllBytesAsync(await WriteAsync("one", 500, exact: true), Ct), await File.ReadAllBytesAsync(await WriteAsync("two", 500, exact: true), Ct));

    async Task<string> WriteAsync(string name, int rows, bool exact)
    {
        var file = Path.Combine(_folder.FullName, name + ".parquet");
        var data = new TableDataset<int>(
            exact ? Everything : new(("count", ColumnType.Count, row => $"{row}+")), exact, new Dictionary<string, string> { ["licence"] = "CC0" }, (_, _) => AsyncEnumerable.Range(0, rows));
        var (written, _, _) = await ExportFolder.WriteWholeAsync(file, stream => data.WriteAsync(new(default, new(1, 1, 2)), ExportFormat.Parquet, stream, Ct), Ct);
        Assert.Equal(rows, written);
        return file;
    }

    static string Plain(JsonObject row) => string.Join('|', row.Select(member => member.Value switch
    {
        JsonArray items => $"[{string.Join('~', items)}]",
        JsonValue value when value.TryGetValue<double>(out var number) => number.ToString(CultureInfo.InvariantCulture),
        { } value => value.ToString(),
        null => "null",
    }));

    static DateTimeOffset TimeOf(int row) => new DateTimeOffset(2026, 11, 20, 23, 59, 59, TimeSpan.Zero).AddSeconds(row).AddMilliseconds(7);
}
