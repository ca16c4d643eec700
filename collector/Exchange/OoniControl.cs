using System.Text.Json.Nodes;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Exchange;

/// <summary>What a control saw, in the shape of OONI's test helper's answer (ts-017, "control").</summary>
static class OoniControl
{
    public static JsonObject Of(Facts facts)
    {
        // The latest try of each address counts.
        var (connects, handshakes) = (new JsonObject(), new JsonObject());
        foreach (var connect in facts.Tcp)
            connects[OoniSteps.Endpoint(connect.Address, connect.Port)] = new JsonObject { ["status"] = connect.Failure.Length == 0, ["failure"] = OoniSteps.OrNull(connect.Failure) };
        foreach (var handshake in facts.Tls.Where(handshake => handshake.Arm.Length == 0))
            handshakes[OoniSteps.Endpoint(handshake.Address, handshake.Port)] = new JsonObject
            {
                ["server_name"] = handshake.ServerName,
                ["status"] = handshake.Failure.Length == 0,
                ["failure"] = OoniSteps.OrNull(handshake.Failure),
            };
        return new() { ["tcp_connect"] = connects, ["tls_handshake"] = handshakes, ["dns"] = Dns(facts), ["http_request"] = Page(facts) };
    }

    static JsonObject Dns(Facts facts) => new()
    {
        ["failure"] = OoniSteps.OrNull(facts.Dns.FirstOrDefault()?.Failure),
        ["addrs"] = new JsonArray([.. facts.Dns.SelectMany(query => query.Replies).SelectMany(reply => reply.Answers)
            .Where(answer => answer.DataCase == DnsAnswer.DataOneofCase.Address).Select(answer => OoniSteps.Address(answer.Address)).Where(address => address.Length > 0)
            .Distinct(StringComparer.Ordinal).Select(address => JsonValue.Create(address))]),
    };

    static JsonObject Page(Facts facts)
    {
        var page = facts.Http.LastOrDefault(exchange => exchange.Arm.Length == 0);
        return new()
        {
            ["failure"] = page is null ? "unknown_failure: no request" : OoniSteps.OrNull(page.Failure),
            ["status_code"] = page?.Status ?? 0,
            ["body_length"] = page?.BodyLength ?? 0,
            ["title"] = page?.Title ?? "",
            ["headers"] = page is null ? [] : OoniSteps.Headers(page),
        };
    }
}
