using System.Text;
using System.Text.Json;
using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Observations.Ooni;
using ProbeNet.Collector.Service.Imports;
using ProbeNet.Collector.Store;
using ProbeNet.Protos;
using Xunit;

namespace ProbeNet.Collector.Tests.Observations.Ooni;

public sealed class OoniFileTests
{
    // An invented measurement in OONI's format: a name that is reset.
    internal const string Reset =
        """
        {"data_format_version":"0.2.0","input":"https://site.example/","measurement_start_time":"2025-03-02 10:11:12","test_name":"web_connectivity",
         "test_version":"0.5.28","probe_asn":"AS64500","probe_cc":"KH","report_id":"r1","software_version":"3.22.0","test_keys":{
         "queries":[{"engine":"getaddrinfo","query_type":"ANY","hostname":"site.example","failure":null,"answers":[{"answer_type":"A","ipv4":"8.18.1.1"}]}],
         "tcp_connect":[{"ip":"8.18.1.1","port":443,"status":{"failure":null,"success":true}}],
         "tls_handshakes":[{"address":"8.18.1.1:443","server_name":"site.example","failure":"connection_reset","peer_certificates":[]}],
         "requests":null,"control_failure":null,"blocking":"http-failure","accessible":false,"dns_consistency":"consistent",
         "control":{"tcp_connect":{"8.18.1.1:443":{"status":true,"failure":null}},"tls_handshake":{"8.18.1.1:443":{"server_name":"site.example","status":true,"failure":null}},
          "http_request":{"body_length":100,"failure":null,"title":"A site","status_code":200,"headers":{}},"dns":{"failure":null,"addrs":["8.18.1.1"]}}}}
        """;

    static string Line(string input = "https://site.example/") => Reset.Replace("\n", "", StringComparison.Ordinal).Replace("https://site.example/", input, StringComparison.Ordinal);

    [Fact]
    public async Task A_document_and_lines_of_them_are_read_plain_gzip_and_zstd()
    {
        Assert.Single(await ReadAsync(Encoding.UTF8.GetBytes(Reset)));
        var lines = Encoding.UTF8.GetBytes($"{Line()}\n\n{Line("https://other.example/")}\n{{\"test_name\":\"ndt\",\"test_keys\":{{}}}}\n");
        foreach (var bytes in new[] { lines, OoniFiles.Gzip(lines), OoniFiles.Zstd(lines) })
        {
            var read = await ReadAsync(bytes);
            Assert.Equal(["https://site.example/", "https://other.example/", null], read.Select(one => one?.Facts.Input));
        }
    }

    [Fact]
    public async Task A_document_of_many_lines_is_read_in_one_go()
    {
        // Braces in texts end nothing.
        var indented = Reset.Replace("\"title\":\"A site\"", "\"title\":\"}} \\\" {[\"", StringComparison.Ordinal)
            .Replace("\"requests\":null", $"\"requests\":[\n{string.Join(",\n", Enumerable.Repeat("{\n}", 50_000))}\n]", StringComparison.Ordinal);
        Assert.Equal(2, (await ReadAsync(Encoding.UTF8.GetBytes(indented + "\n\n" + Reset))).Count);
    }

    [Fact]
    public async Task OONIs_verdict_is_kept_and_ours_names_the_mechanism()
    {
        var measurement = Assert.Single(await ReadAsync(Encoding.UTF8.GetBytes(Reset)))!;
        Assert.Equal(new OoniVerdict("http-failure", false, "consistent"), measurement.Verdict);
        Assert.Equal((64500L, "KH", "r1"), (measurement.Asn, measurement.Cc, measurement.ReportId));
        var finding = OoniJudging.Judge(measurement, FingerprintSet.Empty);
        Assert.Equal((Outcome.Anomaly, Mechanisms.TlsReset), (finding.Outcome, finding.Mechanisms[0].Name));
    }

    [Theory]
    [InlineData("{\"a\":")]
    [InlineData("not json at all")]
    public async Task What_is_no_measurement_is_said_to_be_none(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        using var file = new MemoryStream(bytes);
        if (OoniFile.Looks(file))
            await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(bytes));
    }

    [Fact]
    public async Task A_torn_archive_is_said_to_be_damaged()
    {
        var whole = OoniFiles.Zstd(Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Range(0, 50).Select(i => Line($"https://s{i}.example/")))));
        await Assert.ThrowsAsync<InvalidDataException>(() => ReadAsync(whole[..(whole.Length / 2)]));
    }

    [Fact]
    public void Members_of_another_kind_are_as_good_as_missing()
    {
        foreach (var member in new[] { "queries", "tcp_connect", "tls_handshakes", "control", "requests", "blocking" })
        {
            foreach (var value in new[] { "5", "\"x\"", "[1,null,[]]", "{\"a\":{}}", "null" })
            {
                using var document = JsonDocument.Parse($$$"""{"input":"https://a.example/","measurement_start_time":"2025-03-02 10:11:12","test_name":"web_connectivity","test_keys":{"{{{member}}}":{{{value}}}}}""");
                var measurement = OoniReader.Read(document.RootElement);
                Assert.NotNull(measurement);
                Assert.NotEqual(Outcome.Artefact, OoniJudging.Judge(measurement, FingerprintSet.Empty).Outcome);
            }
        }
    }

    [Fact]
    public async Task The_same_measurement_has_the_same_identifier()
    {
        var first = (await ReadAsync(Encoding.UTF8.GetBytes(Reset)))[0]!;
        var again = (await ReadAsync(OoniFiles.Gzip(Encoding.UTF8.GetBytes(Reset))))[0]!;
        var other = (await ReadAsync(Encoding.UTF8.GetBytes(Line("https://other.example/"))))[0]!;
        Assert.Equal(OoniMeasurements.UidOf(first), OoniMeasurements.UidOf(again));
        Assert.NotEqual(OoniMeasurements.UidOf(first), OoniMeasurements.UidOf(other));
    }

    static async Task<List<OoniMeasurement?>> ReadAsync(byte[] bytes)
    {
        using var file = new MemoryStream(bytes);
        var read = new List<OoniMeasurement?>();
        await foreach (var one in OoniFile.ReadAsync(file, TestContext.Current.CancellationToken))
            read.Add(one);
        return read;
    }
}
