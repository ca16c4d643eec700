using System.Text;
using System.Text.Json.Nodes;
using ProbeNet.Collector.Observations.Ooni;
using ProbeNet.Collector.Service;
using ProbeNet.Collector.Service.Imports;
using ProbeNet.Collector.Tests.Analysis;
using ProbeNet.Collector.Tests.Api;
using Xunit;

namespace ProbeNet.Collector.Tests.Exchange;

public sealed class ExportCommandTests(InventedCountry country) : IClassFixture<InventedCountry>
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
