using System.Net;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Service.Output;

/// <summary>A measurement for people: a line a step. It says what happened; what it means, only a comparison can tell.</summary>
static class FactsText
{
    public static void Write(TextWriter output, Facts facts)
    {
        output.WriteLine(facts.Input);
        foreach (var query in facts.Dns)
        {
            var answers = query.Replies.SelectMany(reply => reply.Answers).Select(Answer).Distinct();
            output.WriteLine($"  dns   {query.Hostname} {query.QueryType} from {query.Resolver} ({query.Engine}): {Outcome(query.Failure, string.Join(", ", answers))}");
        }
        foreach (var tcp in facts.Tcp)
            output.WriteLine($"  tcp   {Address(tcp.Address.Span)} port {tcp.Port}: {Outcome(tcp.Failure, Milliseconds(tcp.DurationUs))}");
        foreach (var tls in facts.Tls)
        {
            var arm = tls.Arm.Length == 0 ? "" : $" [{tls.Arm}]";
            output.WriteLine($"  tls   {Address(tls.Address.Span)} for {tls.ServerName}{arm}: {Outcome(tls.Failure, $"{tls.Version} {Milliseconds(tls.DurationUs)}")}");
        }
        foreach (var http in facts.Http)
        {
            var title = http.Title.Length == 0 ? "" : $" \"{http.Title}\"";
            var next = http.Location.Length == 0 ? "" : $" -> {http.Location}{(http.NotFollowed.Length == 0 ? "" : $" (not followed: {http.NotFollowed})")}";
            output.WriteLine($"  http  {http.Url}: {Outcome(http.Failure, $"{http.Status}, {http.BodyLength} bytes{title}{next}")}");
            foreach (var fingerprint in http.Fingerprints)
                output.WriteLine($"        looks like the blockpage {fingerprint}");
        }
        var references = facts.Network?.References;
        if (references is { Count: > 0 })
            output.WriteLine($"  network: {references.Count(reference => reference.Failure.Length == 0)} of {references.Count} references reached");
        if (facts.Limitations.Count > 0)
            output.WriteLine($"  not done: {string.Join(", ", facts.Limitations)}");
    }

    static string Outcome(string failure, string success) => failure.Length > 0 ? failure : success.Length > 0 ? success : "ok";

    static string Answer(DnsAnswer answer) => answer.DataCase switch
    {
        DnsAnswer.DataOneofCase.Cname => answer.Cname,
        DnsAnswer.DataOneofCase.Service => string.Join('+', answer.Service.Alpn.DefaultIfEmpty("alias")),
        _ => Address(answer.Address.Span),
    };

    internal static string Address(ReadOnlySpan<byte> bytes) => bytes.Length is 4 or 16 ? new IPAddress(bytes).ToString() : "";

    static string Milliseconds(uint microseconds) => $"{microseconds / 1000} ms";
}
