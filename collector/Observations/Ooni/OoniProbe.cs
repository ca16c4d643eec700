using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Google.Protobuf;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Observations.Ooni;

/// <summary>What the probe saw (spec df-001, df-002, df-005, df-006): the same facts under other names.</summary>
static partial class OoniProbe
{
    static readonly JsonParser Lenient = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    /// <summary>The key under which an export of this project's has the facts whole, as protobuf's JSON.</summary>
    public const string OwnFacts = "x_probenet_facts";

    public static Facts Read(JsonElement measurement, JsonElement keys)
    {
        if (keys.Member(OwnFacts) is { } own && Own(own) is { } whole && whole.Input == measurement.Text("input"))
            return whole;
        var facts = new Facts
        {
            Input = measurement.Text("input"),
            TestName = measurement.Text("test_name"),
            TestVersion = measurement.Text("test_version"),
            // OONI tries an address only where its machine has a route, and tells of no other references.
            Network = new NetworkCheck { Ipv6 = true },
        };
        foreach (var query in keys.Items("queries"))
            facts.Dns.Add(Query(query));
        foreach (var connect in keys.Items("tcp_connect"))
            if (OoniJson.Address(connect.Text("ip")) is { } address)
                facts.Tcp.Add(new TcpConnect
                {
                    Address = address,
                    Port = (uint)connect.Number("port"),
                    StartedUs = connect.Microseconds("t0"),
                    Failure = connect.Member("status")?.Text("failure") ?? "",
                });
        foreach (var handshake in keys.Items("tls_handshakes"))
            if (Handshake(handshake) is { } read)
                facts.Tls.Add(read);
        // The newest comes first.
        foreach (var request in keys.Items("requests").Reverse())
            if (Exchange(request) is { } read)
                facts.Http.Add(read);
        return facts;
    }

    // What is none is read as OONI's.
    static Facts? Own(JsonElement facts)
    {
        try
        {
            return Lenient.Parse<Facts>(facts.GetRawText());
        }
        catch (Exception e) when (e is InvalidProtocolBufferException or InvalidJsonException)
        {
            return null;
        }
    }

    static DnsQuery Query(JsonElement query)
    {
        var engine = query.Text("engine") switch
        {
            "udp" => DnsEngines.Udp,
            "tcp" => DnsEngines.Tcp,
            "dot" => DnsEngines.Tls,
            "doh" or "doh3" => DnsEngines.Https,
            // "system", "getaddrinfo", "golang_net_resolver" …
            _ => DnsEngines.System,
        };
        var answers = query.Items("answers").ToArray();
        var read = new DnsQuery
        {
            Engine = engine,
            Resolver = engine == DnsEngines.System ? ResolverNames.System : engine,
            Hostname = query.Text("hostname"),
            // getaddrinfo asks for both families at once.
            QueryType = query.Text("query_type") is "ANY" or "" ? "A" : query.Text("query_type"),
            StartedUs = query.Microseconds("t0"),
            Failure = DnsFailure(query.Text("failure")),
        };
        if (read.Failure == FailureCodes.GenericTimeout)
            return read;
        var reply = new DnsReply { Failure = read.Failure };
        foreach (var answer in answers)
            if (OoniJson.Address(answer.Text("ipv4") is { Length: > 0 } v4 ? v4 : answer.Text("ipv6")) is { } address)
                reply.Answers.Add(new DnsAnswer { Address = address });
        read.Replies.Add(reply);
        return read;
    }

    // Android's resolver tells no reason: "no data" is all that is left of NXDOMAIN and of an empty answer alike (ooni/probe#2029).
    static string DnsFailure(string failure) => failure switch
    {
        "android_dns_cache_no_data" => FailureCodes.DnsNoAnswer,
        "dns_servfail_error" => FailureCodes.DnsServfail,
        _ => failure,
    };

    static TlsHandshake? Handshake(JsonElement handshake)
    {
        if (OoniJson.Endpoint(handshake.Text("address")) is not { } endpoint)
            return null;
        var read = new TlsHandshake
        {
            Address = endpoint.Address,
            Port = endpoint.Port,
            ServerName = handshake.Text("server_name"),
            Failure = handshake.Text("failure"),
            Version = handshake.Text("tls_version"),
            StartedUs = handshake.Microseconds("t0"),
        };
        foreach (var certificate in handshake.Items("peer_certificates"))
            if (Bytes(certificate) is { Length: > 0 } der)
                read.Chain.Add(ByteString.CopyFrom(SHA256.HashData(der)));
        return read;
    }

    static HttpExchange? Exchange(JsonElement request)
    {
        if (request.Member("request") is not { } sent || OoniJson.Endpoint(request.Text("address")) is not { } endpoint)
            return null;
        var read = new HttpExchange
        {
            Url = sent.Text("url"),
            Address = endpoint.Address,
            Port = endpoint.Port,
            Failure = request.Text("failure"),
            StartedUs = request.Microseconds("t0"),
        };
        if (request.Member("response") is not { } response)
            return read;
        read.Status = (uint)Math.Clamp(response.Number("code"), 0, 999);
        read.BodyTruncated = response.Flag("body_is_truncated") ?? false;
        foreach (var (name, value) in Headers(response))
            read.Headers.Add(new HttpHeader { Name = name, Value = value });
        read.Location = read.Headers.FirstOrDefault(h => h.Name.Equals("location", StringComparison.OrdinalIgnoreCase))?.Value ?? "";
        if (response.Member("body") is { } body)
            Reduce(read, Bytes(body) ?? []);
        return read;
    }

    static IEnumerable<(string Name, string Value)> Headers(JsonElement response)
    {
        foreach (var pair in response.Items("headers_list"))
            if (pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2 && pair[0].ValueKind == JsonValueKind.String)
                yield return (pair[0].GetString()!, pair[1].ValueKind == JsonValueKind.String ? pair[1].GetString()! : "");
    }

    static void Reduce(HttpExchange exchange, byte[] body)
    {
        exchange.BodyLength = (uint)body.Length;
        exchange.Received = (uint)body.Length;
        if (body.Length == 0)
            return;
        exchange.BodySha256 = ByteString.CopyFrom(SHA256.HashData(body));
        exchange.Title = Title().Match(Encoding.UTF8.GetString(body)) is { Success: true } found ? found.Groups["text"].Value.Trim() : "";
    }

    // A string, or an object with base64 where it is no text (df-001).
    static byte[]? Bytes(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
            return Encoding.UTF8.GetBytes(value.GetString()!);
        var data = value.Text("data");
        var buffer = new byte[data.Length];
        return data.Length > 0 && Convert.TryFromBase64String(data, buffer, out var length) ? buffer[..length] : null;
    }

    [GeneratedRegex("<title[^>]{0,200}>(?<text>[^<]{0,300})</title", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Title();
}
