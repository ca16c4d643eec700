using System.Net;
using System.Text.Json.Nodes;
using Google.Protobuf;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Exchange;

/// <summary>The steps of a measurement as OONI's arrays have them (df-001, df-002, df-005, df-006). Times are seconds since its start.</summary>
static class OoniSteps
{
    public static JsonArray Queries(Facts facts) => [.. facts.Dns.Select(Query)];

    public static JsonArray Connects(Facts facts) => [.. facts.Tcp.Select(connect => new JsonObject
    {
        ["ip"] = Address(connect.Address),
        ["port"] = connect.Port,
        ["status"] = new JsonObject { ["failure"] = OrNull(connect.Failure), ["success"] = connect.Failure.Length == 0 },
        ["t0"] = Seconds(connect.StartedUs),
        ["t"] = Seconds(connect.StartedUs + connect.DurationUs),
    })];

    public static JsonArray Handshakes(Facts facts, IReadOnlyDictionary<string, byte[]> certificates) => [.. facts.Tls.Select(handshake => new JsonObject
    {
        ["network"] = "tcp",
        ["address"] = Endpoint(handshake.Address, handshake.Port),
        ["server_name"] = handshake.ServerName,
        ["failure"] = OrNull(handshake.Failure),
        ["tls_version"] = handshake.Version,
        ["cipher_suite"] = handshake.CipherSuite,
        ["negotiated_protocol"] = handshake.Alpn,
        ["no_tls_verify"] = false,
        ["peer_certificates"] = new JsonArray([.. handshake.Chain.Select(hash => certificates.GetValueOrDefault(Convert.ToHexStringLower(hash.Span))).OfType<byte[]>()
            .Select(der => new JsonObject { ["format"] = "base64", ["data"] = Convert.ToBase64String(der) })]),
        ["t0"] = Seconds(handshake.StartedUs),
        ["t"] = Seconds(handshake.StartedUs + handshake.DurationUs),
    })];

    /// <summary>The newest comes first. Bodies stay on the agents: none is in it.</summary>
    public static JsonArray Requests(Facts facts) => [.. facts.Http.Reverse().Select(exchange => new JsonObject
    {
        ["network"] = "tcp",
        ["address"] = Endpoint(exchange.Address, exchange.Port),
        ["failure"] = OrNull(exchange.Failure),
        ["request"] = new JsonObject
        {
            ["url"] = exchange.Url,
            ["method"] = "GET",
            ["headers"] = new JsonObject(),
            ["headers_list"] = new JsonArray(),
            ["body"] = "",
            ["body_is_truncated"] = false,
        },
        ["response"] = new JsonObject
        {
            ["code"] = exchange.Status,
            ["headers"] = Headers(exchange),
            ["headers_list"] = new JsonArray([.. Pairs(exchange).Select(pair => new JsonArray(pair.Name, pair.Value))]),
            ["body"] = "",
            ["body_is_truncated"] = exchange.BodyLength > 0,
        },
        ["t0"] = Seconds(exchange.StartedUs),
        ["t"] = Seconds(exchange.StartedUs + exchange.DurationUs),
    })];

    public static string? OrNull(string? failure) => string.IsNullOrEmpty(failure) ? null : failure == FailureCodes.DnsServfail ? "dns_servfail_error" : failure;

    public static double Seconds(long microseconds) => microseconds / 1e6;

    internal static string Address(ByteString bytes) => bytes.Length is 4 or 16 ? new IPAddress(bytes.Span).ToString() : "";

    internal static string Endpoint(ByteString address, uint port) =>
        address.Length is 4 or 16 && port <= ushort.MaxValue ? new IPEndPoint(new IPAddress(address.Span), (int)port).ToString() : "";

    internal static JsonObject Headers(HttpExchange exchange)
    {
        var headers = new JsonObject();
        foreach (var (name, value) in Pairs(exchange))
            headers[name] = value;
        return headers;
    }

    static IEnumerable<(string Name, string Value)> Pairs(HttpExchange exchange)
    {
        foreach (var header in exchange.Headers)
            yield return (header.Name, header.Value);
        if (exchange.Location.Length > 0 && !exchange.Headers.Any(header => header.Name.Equals("location", StringComparison.OrdinalIgnoreCase)))
            yield return ("Location", exchange.Location);
    }

    static JsonObject Query(DnsQuery query) => new()
    {
        ["engine"] = query.Engine switch { DnsEngines.System => "getaddrinfo", DnsEngines.Tls => "dot", DnsEngines.Https => "doh", var engine => engine },
        ["hostname"] = query.Hostname,
        ["query_type"] = query.QueryType,
        ["failure"] = OrNull(query.Failure),
        ["answers"] = new JsonArray([.. (query.Replies.FirstOrDefault(reply => reply.Failure.Length == 0)?.Answers ?? [])
            .Where(answer => answer.DataCase == DnsAnswer.DataOneofCase.Address && answer.Address.Length is 4 or 16).Select(Answer)]),
        ["rcode"] = query.Replies.FirstOrDefault()?.Rcode ?? 0,
        ["resolver_address"] = "",
        ["resolver_hostname"] = null,
        ["resolver_port"] = null,
        ["t0"] = Seconds(query.StartedUs),
        ["t"] = Seconds(query.StartedUs + query.DurationUs),
    };

    static JsonObject Answer(DnsAnswer answer) => new()
    {
        ["answer_type"] = answer.Address.Length == 4 ? "A" : "AAAA",
        [answer.Address.Length == 4 ? "ipv4" : "ipv6"] = Address(answer.Address),
        ["ttl"] = answer.Ttl,
    };
}
