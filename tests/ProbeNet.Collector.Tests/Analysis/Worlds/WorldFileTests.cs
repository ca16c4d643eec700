using System.Text.Json;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Events;
using ProbeNet.Collector.Analysis.Worlds;
using ProbeNet.Collector.Service;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis.Worlds;

public sealed class WorldFileTests : IDisposable
{
    const string Header = """{"cc":"KH","isps":[{"asn":1,"name":"One"},{"asn":2,"name":"Two","users":5}],"controls":2}""";

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("probenet-world-");

    public void Dispose() => _folder.Delete(recursive: true);

    static string Line(string unit, int hour, bool ok, string mechanism = "dns.injection.bogon", string domain = "a.example", int asn = 1, string more = "") =>
        $$"""{"time":"2026-03-01T{{hour:00}}:00:00Z","asn":{{asn}},"unit":"{{unit}}","group":"g{{unit}}","domain":"{{domain}}","ok":{{(ok ? "true" : "false")}},"layer":null,"mechanism":{{(ok ? "null" : $"\"{mechanism}\"")}},"token":null,"reference_ok":true,"control_ok":true,"reason":"scheduled"{{more}}}""";

    static IReadOnlyList<Cell> Cells(params IEnumerable<string> lines) =>
        WorldAnalysis.Of(WorldReader.Read([Header, .. lines]), CellRules.Default).Cells;

    static CellState Seen(Func<string, int, string> line) =>
        Cells(Enumerable.Range(0, 6).SelectMany(hour => new[] { line("a", hour), line("b", hour) })).First(c => c.Asn == 1).State;

    [Fact]
    public void Observations_become_the_cells_that_measurements_become()
    {
        Assert.Equal(CellState.Blocked, Seen((u, h) => Line(u, h, ok: false)));
        Assert.Equal(CellState.Ok, Seen((u, h) => Line(u, h, ok: true)));
        Assert.Equal(CellState.LikelyBlocked, Seen((u, h) => Line(u, h, ok: false, "tcp.timeout")));
        Assert.Equal(CellState.Blocked, Seen((u, h) => Line(u, h, ok: false, "dns.nxdomain", more: ",\"via\":\"resolver\"")));
        Assert.Equal(CellState.Throttled, Seen((u, h) => Line(u, h, ok: false, "throttle.sni")));
        Assert.Equal(CellState.Ok, Seen((u, h) => Line(u, h, ok: false, "quic.timeout")));
        Assert.Equal(CellState.Insufficient, Seen((u, h) => Line(u, h, ok: false, "dns.rewrite")));
        Assert.Equal(CellState.Refused, Seen((u, h) => Line(u, h, ok: true).Replace("true,\"layer\"", "false,\"layer\"", StringComparison.Ordinal)
            .Replace("\"token\":null", "\"token\":\"status:403\"", StringComparison.Ordinal)));
        Assert.Equal(CellState.Down, Seen((u, h) => Line(u, h, ok: false).Replace("\"control_ok\":true", "\"control_ok\":false", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_block_that_begins_and_ends_is_two_events()
    {
        var events = WorldAnalysis.Of(WorldReader.Read([Header, .. Enumerable.Range(0, 24).SelectMany(h => new[] { Line("a", h, ok: h is < 6 or > 16), Line("b", h, ok: h is < 6 or > 16) })]),
            CellRules.Default).Events;
        Assert.Equal([(ChangeKind.Onset, "confirmed", 5, 6), (ChangeKind.End, "confirmed", 16, 17)],
            events.Select(e => (e.Event.Kind, e.Event.Status, e.Event.At.Earliest!.Value.Hour, e.Event.At.Latest.Hour)));
    }

    [Fact]
    public void Nobody_and_not_listed_are_insufficient_and_in_the_table()
    {
        var cells = Cells(Enumerable.Range(0, 6).SelectMany(h => new[] { Line("a", h, ok: true), Line("b", h, ok: true), Line("c", h, ok: true, domain: "b.example", asn: 2) }));
        Assert.Equal(4, cells.Count);
        Assert.Equal(InsufficientReasons.NotOnList, cells.Single(c => c.Asn == 2 && c.Target == "a.example").Reason);
        Assert.Equal(InsufficientReasons.OneVolunteer, cells.Single(c => c.Asn == 2 && c.Target == "b.example").Reason);
    }

    [Fact]
    public void The_example_of_the_format_is_read()
    {
        var world = WorldReader.Read(File.ReadLines(Path.Combine(Repository(), "protos", "world", "example.jsonl")));
        Assert.Equal(("KH", 2, 2, 5), (world.Header.Cc, world.Header.Isps.Count, world.Header.Controls, world.Observations.Count));
        Assert.Equal((64502L, 3, "rst:ttl61"), (world.Observations[3].HopAsn, world.Observations[3].Hop, world.Observations[3].Token));
    }

    [Theory]
    [InlineData("""{"time":"2026-03-01T08:00:00Z","asn":0,"unit":"a","group":"g","domain":"d","ok":true}""", "line 2: asn must be a network number")]
    [InlineData("""{"time":"2026-03-01T08:00:00Z","asn":1,"unit":"a","group":"g","domain":"d"}""", "line 2: ok must be true or false")]
    [InlineData("""{"time":"yesterday","asn":1,"unit":"a","group":"g","domain":"d","ok":true}""", "line 2: time must be a time")]
    [InlineData("""{"time":"2026-03-01T08:00:00Z","asn":1,"unit":7,"group":"g","domain":"d","ok":true}""", "line 2: unit must be a text")]
    [InlineData("""{"time":""", "line 2: not JSON")]
    [InlineData("[]", "line 2: not a JSON object")]
    public void A_fault_names_its_line(string line, string message) =>
        Assert.StartsWith(message, Assert.Throws<InvalidDataException>(() => WorldReader.Read([Header, line])).Message, StringComparison.Ordinal);

    [Fact]
    public void What_is_not_known_is_ignored()
    {
        var world = WorldReader.Read([Header.Replace("\"cc\"", "\"weather\":[1,2],\"cc\"", StringComparison.Ordinal), Line("a", 1, ok: true, more: ",\"mood\":{\"a\":1}")]);
        Assert.Single(world.Observations);
    }

    [Fact]
    public async Task The_command_prints_the_shapes_of_the_interface_and_the_same_bytes_again()
    {
        var file = Path.Combine(_folder.FullName, "world.jsonl");
        await File.WriteAllLinesAsync(file, [Header, .. Enumerable.Range(0, 6).SelectMany(h => new[] { Line("a", h, ok: false), Line("b", h, ok: false) })], TestContext.Current.CancellationToken);
        var (code, first, _) = await RunAsync("analyze", "--world", file, "--json");
        Assert.Equal(0, code);
        Assert.Equal(first, (await RunAsync("analyze", "--world", file, "--json")).Output);
        var cell = JsonDocument.Parse(first).RootElement.GetProperty("cells")[0];
        Assert.Equal(("a.example", 1, "blocked", "dns.injection.bogon"),
            (cell.GetProperty("domain").GetString(), cell.GetProperty("asn").GetInt32(), cell.GetProperty("state").GetString(), cell.GetProperty("mechanisms")[0].GetString()));
        Assert.Equal(0, JsonDocument.Parse(first).RootElement.GetProperty("events").GetArrayLength());
        var attribution = JsonDocument.Parse(first).RootElement.GetProperty("attribution");
        Assert.Equal("insufficient", attribution.GetProperty("verdict").GetString());
        Assert.Equal(0.25, attribution.GetProperty("posterior").GetProperty("gateway").GetDouble());
        Assert.Equal(1, attribution.GetProperty("coverage").GetProperty("compared_isps").GetInt32());
        Assert.Contains("■ blocked (12/12, 2u)", (await RunAsync("analyze", "--world", file)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_none_is_one_line()
    {
        var file = Path.Combine(_folder.FullName, "none.jsonl");
        await File.WriteAllTextAsync(file, "hello\n", TestContext.Current.CancellationToken);
        var (code, _, error) = await RunAsync("analyze", "--world", file);
        Assert.Equal((1, "none.jsonl, line 1: not JSON at character 1: hello"), (code, error.TrimEnd()));
        Assert.Equal(1, (await RunAsync("analyze", "--world", file + ".no")).Code);
        Assert.Equal(2, (await RunAsync("analyze")).Code);
    }

    static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        using StringWriter output = new(), error = new();
        var code = await CollectorCommandLine.RunAsync(args, new Surroundings(TextReader.Null, output, error, TimeProvider.System, _ => null), TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }

    static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "ProbeNet.sln")))
            folder = folder.Parent;
        return folder.FullName;
    }
}
