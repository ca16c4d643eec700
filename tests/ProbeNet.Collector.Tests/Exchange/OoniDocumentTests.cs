using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Exchange;
using ProbeNet.Collector.Observations;
using ProbeNet.Collector.Observations.Ooni;
using ProbeNet.Collector.Tests.Analysis;
using ProbeNet.Protos;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using Xunit;

namespace ProbeNet.Collector.Tests.Exchange;

public sealed class OoniDocumentTests
{
    static readonly Schema Format = Schema.Load(Path.Combine(FingerprintTests.Root, "collector", "Exchange", "ooni-0.2.0.schema.json"));

    static readonly DateTimeOffset Time = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);

    static string Quality => Path.Combine(FingerprintTests.SharedData, "ooni-qa");

    public static IEnumerable<TheoryDataRow<string>> Files =>
        Directory.Exists(Quality) ? Directory.EnumerateFiles(Quality, "*.json").Order(StringComparer.Ordinal).Select(file => new TheoryDataRow<string>(Path.GetFileName(file))) : [new("")];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_measurement_of_the_quality_assurance_is_valid_exported_valid_again_and_imports_to_the_same_observations(string name)
    {
        Assert.SkipUnless(name.Length > 0, "OONI's quality assurance measurements are not here");
        var original = JsonNode.Parse(File.ReadAllText(Path.Combine(Quality, name)))!;
        Assert.Empty(Format.Faults(original));
        var read = Read(original)!;

        var exported = Document(read.Facts, OoniJudging.Judge(read, FingerprintSet.Empty), read.Helper);
        Assert.Empty(Format.Faults(exported));
        Assert.DoesNotContain((string)original["resolver_ip"]!, exported.ToJsonString(), StringComparison.Ordinal);

        var again = Read(exported)!;
        Assert.Equal(read.Facts, again.Facts);
        Assert.Equal(Lines(read.Helper), Lines(again.Helper));
        var (first, second) = (OoniJudging.Judge(read, FingerprintSet.Empty), OoniJudging.Judge(again, FingerprintSet.Empty));
        Assert.Equal((first.Outcome, string.Join(' ', first.Rules)), (second.Outcome, string.Join(' ', second.Rules)));
        AssertWithoutOwnKeys(exported, read.Facts);
    }

    [Fact]
    public void A_measurement_of_an_agents_is_valid_and_imports_to_the_same_observations()
    {
        var page = new Page("https://site.example/").System(Page.Lie).Outside("8.18.1.1", "2001:db8::1").Races(Page.Truth, Page.Lie).SystemFails(FailureCodes.DnsServfail)
            .Connects(Page.Truth).Connects("2001:db8::1", FailureCodes.GenericTimeout).Shakes(Page.Truth).Shakes(Page.Lie, FailureCodes.SslUnknownAuthority)
            .Gets(Page.Truth, headers: [("Server", "x")]).GetFails(Page.Lie, FailureCodes.ConnectionReset);
        var finding = new Finding { Outcome = Outcome.Artefact, Layer = Layers.Dns, Rules = ["dns.race"] };
        var exported = Document(page.Facts, finding, Page.Reached("https://site.example/").Facts);
        Assert.Empty(Format.Faults(exported));
        Assert.Equal("dns", (string)exported["test_keys"]!["blocking"]!);
        Assert.Equal(page.Facts, Read(exported)!.Facts);
        AssertWithoutOwnKeys(exported, page.Facts);
        Assert.Empty(Format.Faults(Document(page.Facts, finding, control: null)));
    }

    [Theory]
    [InlineData("data_format_version", "\"0.3.0\"")]
    [InlineData("measurement_start_time", "\"2026-11-20T10:00:00Z\"")]
    [InlineData("probe_asn", "64501")]
    [InlineData("probe_ip", "\"20.0.1.7\"")]
    [InlineData("test_keys.blocking", "true")]
    [InlineData("test_keys.queries", "[{}]")]
    [InlineData("test_keys.tcp_connect.0.status.success", "\"yes\"")]
    [InlineData("test_keys.tls_handshakes.0.address", "\"site.example:443\"")]
    [InlineData("test_keys.requests.0.failure", "\"It Broke\"")]
    [InlineData("test_keys.control.http_request.status_code", "\"200\"")]
    public void The_schema_refuses_what_is_not_the_format(string path, string value)
    {
        var document = Document(Page.Reached("https://site.example/").Facts, new() { Outcome = Outcome.Ok }, Page.Reached("https://site.example/").Facts);
        Assert.Empty(Format.Faults(document));
        JsonNode at = document;
        var names = path.Split('.');
        foreach (var name in names[..^1])
            at = (int.TryParse(name, out var index) ? at[index] : at[name])!;
        at[names[^1]] = JsonNode.Parse(value);
        Assert.NotEmpty(Format.Faults(document));
        at.AsObject().Remove(names[^1]);
        Assert.NotEmpty(Format.Faults(document));
    }

    // What OONI's own keys can say comes back from them alone.
    static void AssertWithoutOwnKeys(JsonObject exported, Facts facts)
    {
        var stripped = exported.DeepClone().AsObject();
        Assert.True(stripped["test_keys"]!.AsObject().Remove(OoniProbe.OwnFacts));
        Assert.Equal(Lines(facts), Lines(Read(stripped)!.Facts));
    }

    static JsonObject Document(Facts facts, Finding finding, Facts? control)
    {
        var details = BatchSealer.Wrap(facts, new() { Time = Time.ToUnixTimeSeconds(), TimeGrain = 60 }).ToByteArray();
        var certificates = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var genuine = Encoding.UTF8.GetBytes("genuine");
        certificates[Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(genuine))] = genuine;
        var row = new StoredMeasurement(
            Time, Guid.CreateVersion7(Time), "KH", 64501, AsnSource.Bound, Access.Mobile, Role.Agent, [1], [2], Reason.Scheduled, facts.Input, "site.example", details);
        return OoniDocument.Of(new(row, "0.1.0", "Invented Provider", finding, control, certificates, "CC BY 4.0"));
    }

    static OoniMeasurement? Read(JsonNode document)
    {
        using var parsed = JsonDocument.Parse(document.ToJsonString());
        return OoniReader.Read(parsed.RootElement);
    }

    static List<string> Lines(Facts? facts)
    {
        if (facts is null)
            return ["nothing"];
        var seen = ObservationParser.Of(facts, new() { TimeGrain = 60 })!;
        return
        [
            .. seen.Dns.Select(q => $"{q.Engine} {q.Hostname} {q.QueryType} {q.Failure} {string.Join(',', q.Addresses)}"),
            .. seen.Tcp.Select(c => $"{c.Endpoint} {c.Failure}"),
            .. seen.Tls.Select(h => $"{h.Endpoint} {h.ServerName} {h.Failure} {string.Join(',', h.Chain)}"),
            .. seen.Http.Select(e => $"{e.Url} {e.Endpoint} {e.Failure} {e.Status} {e.Location} {string.Join(',', e.Headers.Where(h => h.Key != "location").Select(h => $"{h.Key}={h.Value}"))}"),
        ];
    }
}
