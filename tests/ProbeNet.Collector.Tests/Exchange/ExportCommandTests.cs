using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ProbeNet.Collector.Observations.Ooni;
using ProbeNet.Collector.Service;
using ProbeNet.Collector.Service.Imports;
using ProbeNet.Collector.Tests.Analysis;
using ProbeNet.Collector.Tests.Api;
using ProbeNet.Testing;
using Xunit;

namespace ProbeNet.Collector.Tests.Exchange;

public sealed partial class ExportCommandTests(InventedCountry country) : IClassFixture<InventedCountry>
{
    [Theory]
    [InlineData("cells", 4)]
    [InlineData("rows", 44)]
    public async Task Csv_and_json_lines_hold_the_same_rows_under_the_same_names(string kind, int rows)
    {
        var csv = (await RunAsync("export", kind, "--cc", "KH")).TrimEnd().Split("\r\n");
        var lines = (await RunAsync("export", kind, "--cc", "KH", "--format", "jsonl")).TrimEnd().Split('\n').Select(line => JsonNode.Parse(line)!.AsObject()).ToArray();
        Assert.Equal(rows, lines.Length);
        Assert.Equal(1 + rows, csv.Length);
        Assert.All(lines, line => Assert.Equal(csv[0], string.Join(',', line.Select(member => member.Key))));
        Assert.All(lines.Zip(csv.Skip(1)), pair => Assert.Contains((string)pair.First["domain"]!, pair.Second, StringComparison.Ordinal));
        Assert.All(lines, line => Assert.Equal("CC BY 4.0", (string)line["licence"]!));
    }

    [Fact]
    public async Task What_is_for_the_public_has_classes_and_no_witness_and_nothing_of_few_volunteers()
    {
        var whole = await LinesAsync("export", "cells", "--cc", "KH", "--format", "jsonl");
        var shown = await LinesAsync("export", "cells", "--cc", "KH", "--format", "jsonl", "--public");
        Assert.Equal(4, (int)whole.Single(line => (long)line["asn"]! == 64501)["units"]!);
        Assert.Equal("3-5", (string)shown.Single(line => (long)line["asn"]! == 64501)["units"]!);
        Assert.All(shown, line => Assert.Null(line["witness"]));
        Assert.All(shown.Where(line => (long)line["asn"]! > 64502), line => Assert.Equal(("insufficient", null), ((string)line["state"]!, (string?)line["units"])));
        var events = await LinesAsync("export", "events", "--format", "jsonl", "--public");
        Assert.All(events, line => Assert.Equal("00:00:00Z", ((string)line["latest"]!)[11..]));
        // Single rows are for nobody but who has the store.
        Assert.Equal(2, (await CommandAsync("export", "rows", "--public")).Code);
    }

    [Theory]
    [InlineData("cells", "as_of")]
    [InlineData("events")]
    [InlineData("rows")]
    public async Task Parquet_has_a_file_a_day_with_the_rows_of_JSON_Lines_and_a_manifest_that_names_them(string kind, string? differs = null)
    {
        var folder = Directory.CreateTempSubdirectory("probenet-export-").FullName;
        try
        {
            string[] asked = ["export", kind, "--cc", "KH", "--since", "2026-11-18", "--until", "2026-11-21"];
            await RunAsync([.. asked, "--format", "parquet", "--output", folder]);
            var manifest = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "manifest.json"), WebGround.Ct))!;
            Assert.Equal(("probenet-export/1", "CC BY 4.0", "2026-11-18", "2026-11-21"), ((string)manifest["format"]!, (string)manifest["licence"]!, (string)manifest["since"]!, (string)manifest["until"]!));
            var parts = manifest["partitions"]!.AsArray();
            Assert.Equal(["2026-11-18", "2026-11-19", "2026-11-20"], parts.Select(part => (string)part!["day"]!));
            foreach (var part in parts)
            {
                var file = Path.Combine(folder, (string)part!["name"]!);
                var bytes = await File.ReadAllBytesAsync(file, WebGround.Ct);
                Assert.Equal(((long)part["bytes"]!, (string)part["sha256"]!), (bytes.LongLength, Convert.ToHexStringLower(SHA256.HashData(bytes))));
                var day = DateOnly.Parse((string)part["day"]!, CultureInfo.InvariantCulture);
                var lines = await LinesAsync("export", kind, "--cc", "KH", "--format", "jsonl", "--since", $"{day:yyyy-MM-dd}", "--until", $"{day.AddDays(1):yyyy-MM-dd}");
                var rows = await DuckDb.QueryAsync($"select * from '{file}'", WebGround.Ct);
                Assert.Equal(((long)part["rows"]!, lines.Count), (rows.Count, rows.Count));
                Assert.All(lines.Zip(rows), pair => Assert.Equal(Plain(pair.First, differs), Plain(pair.Second, differs)));
                Assert.All(rows, row => Assert.Equal(manifest["columns"]!.AsArray().Select(column => (string)column!["name"]!), row.Select(member => member.Key)));
            }
            Assert.Equal(kind == "events" ? 0 : 1, parts.Count(part => (long)part!["rows"]! > (kind == "rows" ? 0 : 3) && (string)part["day"]! == "2026-11-20"));

            // Who was interrupted goes on where there is no file yet, and touches no other.
            var first = Path.Combine(folder, (string)parts[0]!["name"]!);
            File.SetLastWriteTimeUtc(first, DateTime.UnixEpoch);
            parts.RemoveAt(2);
            await File.WriteAllTextAsync(Path.Combine(folder, "manifest.json"), manifest.ToJsonString(), WebGround.Ct);
            await RunAsync([.. asked, "--format", "parquet", "--output", folder]);
            Assert.Equal(3, JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "manifest.json"), WebGround.Ct))!["partitions"]!.AsArray().Count);
            Assert.Equal(DateTime.UnixEpoch, File.GetLastWriteTimeUtc(first));
            // Another export does not mix with it.
            Assert.Equal(1, (await CommandAsync([.. asked, "--domain", "other.example", "--format", "parquet", "--output", folder])).Code);
            Assert.Equal(2, (await CommandAsync([.. asked, "--format", "parquet"])).Code);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // DuckDB writes times and numbers of 64 bits in its own way.
    static string Plain(JsonObject row, string? without) => string.Join('|', row.Where(member => member.Key != without).Select(member => member.Value switch
    {
        JsonArray items => string.Join('~', items),
        JsonValue value when value.TryGetValue<double>(out var number) => number.ToString(CultureInfo.InvariantCulture),
        { } value => TimeOfDuckDb().Replace(value.ToString(), "${day}T${time}Z"),
        null => "null",
    }));

    [GeneratedRegex(@"^(?<day>\d{4}-\d\d-\d\d) (?<time>\d\d:\d\d:\d\d)\+00$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TimeOfDuckDb();

    [Fact]
    public async Task Measurements_in_OONIs_format_are_valid_name_no_resolver_and_can_be_imported()
    {
        var format = Schema.Load(Path.Combine(FingerprintTests.Root, "collector", "Exchange", "ooni-0.2.0.schema.json"));
        var file = Path.GetTempFileName();
        try
        {
            await RunAsync("export", "ooni", "--cc", "KH", "--output", file);
            var lines = await File.ReadAllLinesAsync(file, WebGround.Ct);
            Assert.Equal(44, lines.Length);
            Assert.All(lines, line => Assert.Empty(format.Faults(JsonNode.Parse(line)!)));
            Assert.All(lines, line => Assert.Equal("127.0.0.2", (string)JsonNode.Parse(line)!["resolver_ip"]!));
            await using var stream = File.OpenRead(file);
            var read = new List<OoniMeasurement?>();
            await foreach (var one in OoniFile.ReadAsync(stream, WebGround.Ct))
                read.Add(one);
            Assert.Equal(44, read.Count(one => one is { Helper: not null } && one.Facts.Network.References.Count == 3));
            Assert.Contains(read, one => one!.Verdict is { Blocking: "dns", Accessible: false });
        }
        finally
        {
            File.Delete(file);
        }
    }

    async Task<List<JsonObject>> LinesAsync(params string[] args) =>
        [.. (await RunAsync(args)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];

    async Task<string> RunAsync(params string[] args)
    {
        var (code, output, error) = await CommandAsync(args);
        Assert.True(code == 0, error);
        return output;
    }

    async Task<(int Code, string Output, string Error)> CommandAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(new StringBuilder()), new StringWriter());
        var surroundings = new Surroundings(TextReader.Null, output, error, country.Web.Ground.Store.Clock, _ => null);
        string[] settings = [$"--ConnectionStrings:Store={country.Web.Ground.Store.Source.ConnectionString}", "--Collector:Publication:Delay=00:00:00"];
        return (await CollectorCommandLine.RunAsync([.. args, .. settings], surroundings, WebGround.Ct), output.ToString(), error.ToString());
    }
}
