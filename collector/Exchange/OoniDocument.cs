using System.Globalization;
using System.Text.Json.Nodes;
using Google.Protobuf;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Observations;
using ProbeNet.Collector.Observations.Ooni;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Exchange;

/// <summary>One measurement to be written in OONI's format.</summary>
/// <param name="NetworkName">Empty where the table of networks has none.</param>
/// <param name="Control">What a control saw of the same page; null without any.</param>
/// <param name="Certificates">By SHA-256 in lower-case hexadecimal, as far as they are kept.</param>
sealed record OoniSubject(
    StoredMeasurement Row, string AgentVersion, string NetworkName, Finding Finding, Facts? Control, IReadOnlyDictionary<string, byte[]> Certificates, string Licence);

/// <summary>
/// A web_connectivity measurement, data format 0.2.0 (spec df-000, ts-017). No address of a resolver or a volunteer is in it:
/// where the format wants one there is the placeholder of OONI's own programs. What the format has no place for stands whole in
/// test_keys.x_probenet_facts.
/// </summary>
static class OoniDocument
{
    const string NoProbe = "127.0.0.1";
    const string NoResolver = "127.0.0.2";

    public static JsonObject Of(OoniSubject subject)
    {
        var row = subject.Row;
        var facts = Facts.Parser.ParseFrom(SealedMeasurement.Parser.ParseFrom(row.Details).Facts);
        var time = row.Time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        var resolver = facts.Network?.ResolverAsn ?? 0;
        return new()
        {
            ["annotations"] = new JsonObject { ["engine_name"] = "probenet", ["licence"] = subject.Licence, ["network_type"] = Network(row.Access), ["platform"] = "unknown" },
            ["data_format_version"] = "0.2.0",
            ["extensions"] = new JsonObject { ["dnst"] = 0, ["httpt"] = 0, ["tcpconnect"] = 0, ["tlshandshake"] = 0 },
            ["input"] = row.Input,
            ["measurement_start_time"] = time,
            ["probe_asn"] = As(row.Asn),
            ["probe_cc"] = row.Cc,
            ["probe_ip"] = NoProbe,
            ["probe_network_name"] = subject.NetworkName,
            ["report_id"] = "",
            ["resolver_asn"] = As(resolver),
            ["resolver_ip"] = NoResolver,
            ["resolver_network_name"] = "",
            ["software_name"] = "probenet",
            ["software_version"] = subject.AgentVersion,
            ["test_helpers"] = new JsonObject(),
            ["test_keys"] = Keys(subject, facts),
            ["test_name"] = "web_connectivity",
            ["test_runtime"] = OoniSteps.Seconds(facts.DurationUs),
            ["test_start_time"] = time,
            ["test_version"] = facts.TestVersion,
        };
    }

    static JsonObject Keys(OoniSubject subject, Facts facts)
    {
        var verdict = OoniWording.Of(subject.Finding);
        return new()
        {
            ["agent"] = "redirect",
            ["client_resolver"] = NoResolver,
            ["retries"] = null,
            ["socksproxy"] = null,
            ["network_events"] = null,
            ["queries"] = OoniSteps.Queries(facts),
            ["requests"] = OoniSteps.Requests(facts),
            ["tcp_connect"] = OoniSteps.Connects(facts),
            ["tls_handshakes"] = OoniSteps.Handshakes(facts, subject.Certificates),
            ["control"] = subject.Control is { } control ? OoniControl.Of(control) : null,
            ["control_failure"] = subject.Control is null ? "unknown_failure: no control measured it" : null,
            ["dns_experiment_failure"] = OoniSteps.OrNull(facts.Dns.FirstOrDefault()?.Failure),
            ["dns_consistency"] = verdict.DnsConsistency,
            ["http_experiment_failure"] = OoniSteps.OrNull(facts.Http.LastOrDefault(exchange => exchange.Arm.Length == 0)?.Failure),
            ["body_length_match"] = null,
            ["body_proportion"] = 0,
            ["headers_match"] = null,
            ["status_code_match"] = null,
            ["title_match"] = null,
            ["blocking"] = verdict.Blocking == "false" ? false : verdict.Blocking,
            ["accessible"] = verdict.Accessible,
            [OoniProbe.OwnFacts] = JsonNode.Parse(JsonFormatter.Default.Format(facts)),
        };
    }

    static string As(long asn) => string.Create(CultureInfo.InvariantCulture, $"AS{asn}");

    static string Network(Access access) => access switch { Access.Mobile => "mobile", Access.Fixed => "wifi", _ => "unknown" };
}
