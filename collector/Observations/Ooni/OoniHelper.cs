using System.Text.Json;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Observations.Ooni;

/// <summary>What OONI's test helper saw, as the facts of a control (spec ts-017, "control").</summary>
static class OoniHelper
{
    /// <summary>Null where the helper could not be reached.</summary>
    public static Facts? Read(JsonElement keys, Facts probe)
    {
        if (keys.Member("control") is not { } control || control.Member("http_request") is null || keys.Text("control_failure").Length > 0)
            return null;
        var facts = new Facts { Input = probe.Input, TestName = probe.TestName, TestVersion = probe.TestVersion };
        AddDns(facts, control, ObservationParser.HostOfInput(probe.Input));
        foreach (var connect in control.Members("tcp_connect"))
            if (OoniJson.Endpoint(connect.Name) is { } endpoint)
                facts.Tcp.Add(new TcpConnect { Address = endpoint.Address, Port = endpoint.Port, Failure = Failure(connect.Value) });
        foreach (var handshake in control.Members("tls_handshake"))
            if (OoniJson.Endpoint(handshake.Name) is { } endpoint)
                facts.Tls.Add(new TlsHandshake
                {
                    Address = endpoint.Address,
                    Port = endpoint.Port,
                    ServerName = handshake.Value.Text("server_name"),
                    Failure = Failure(handshake.Value),
                });
        AddPage(facts, control, probe);
        return facts;
    }

    static void AddDns(Facts facts, JsonElement control, string host)
    {
        if (control.Member("dns") is not { } dns || host.Length == 0)
            return;
        var query = new DnsQuery { Engine = DnsEngines.Https, Resolver = DnsEngines.Https, Hostname = host, QueryType = "A", Failure = dns.Text("failure") };
        var reply = new DnsReply { Failure = query.Failure };
        foreach (var address in dns.Items("addrs"))
            if (address.ValueKind == JsonValueKind.String && OoniJson.Address(address.GetString()!) is { } bytes)
                reply.Answers.Add(new DnsAnswer { Address = bytes });
        if (reply.Answers.Count == 0 && query.Failure.Length == 0)
            query.Failure = reply.Failure = FailureCodes.DnsNoAnswer;
        query.Replies.Add(reply);
        facts.Dns.Add(query);
    }

    // The helper follows redirects and tells of the last page alone. Where it got one it is taken to have come where the
    // probe was sent: that is what makes the hop comparable.
    static void AddPage(Facts facts, JsonElement control, Facts probe)
    {
        if (control.Member("http_request") is not { } request)
            return;
        var last = probe.Http.LastOrDefault();
        var url = last is { Location.Length: > 0 } && Uri.TryCreate(new Uri(last.Url), last.Location, out var next) && next.Host.Length > 0
            ? next.AbsoluteUri : last?.Url ?? ObservationParser.UrlOfInput(probe.Input);
        if (url.Length == 0)
            return;
        var page = new HttpExchange
        {
            Url = url,
            Failure = request.Text("failure"),
            Status = (uint)Math.Clamp(request.Number("status_code"), 0, 999),
            BodyLength = (uint)Math.Clamp(request.Number("body_length"), 0, uint.MaxValue),
            Title = request.Text("title"),
        };
        if (page.Failure.Length == 0 && page.Status == 0)
            page.Failure = FailureCodes.HttpRequestFailed;
        foreach (var header in request.Members("headers"))
            page.Headers.Add(new HttpHeader { Name = header.Name, Value = header.Value.ValueKind == JsonValueKind.String ? header.Value.GetString()! : "" });
        // Which address it used is not told.
        (page.Address, page.Port) = (Google.Protobuf.ByteString.CopyFrom(new byte[4]), new Uri(url).Scheme == Uri.UriSchemeHttps ? 443u : 80u);
        facts.Http.Add(page);
    }

    static string Failure(JsonElement status) =>
        status.Text("failure") is { Length: > 0 } failure ? failure : status.Flag("status") == false ? FailureCodes.GenericTimeout : "";
}
