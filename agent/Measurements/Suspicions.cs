using System.Net;
using Google.Protobuf;
using ProbeNet.Agent.Probes;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Measurements;

/// <summary>
/// What in a measurement is worth an extra test: a cue for the agent's next packet, never a judgement. Pure.
/// </summary>
static class Suspicions
{
    /// <summary>The lowest layer at which something looks off.</summary>
    /// <param name="always">Locates the handshake where nothing looks off.</param>
    public static Suspicion? Of(Uri url, WebPlan plan, Facts facts, bool always)
    {
        var host = url.IdnHost;
        if (plan.NonResolver is { } nobody && facts.Dns.Any(query => query.Resolver == ResolverNames.NonResolver && query.Hostname == host && query.Replies.Count > 0))
            return new("dns", new IPEndPoint(nobody, ProbeSockets.DnsPort), host, "");
        var told = Told(facts, host);
        if (First(facts.Tls.Where(one => one.Arm == ComparisonArms.None && one.ServerName == host && IsOff(one)), one => one.Address, told) is { } handshake)
            return new("tls", Peer(handshake.Address.Span, handshake.Port), host, "");
        if (facts.Http.FirstOrDefault(one => one.Arm == ComparisonArms.None && IsClear(one) && IsOff(one)) is { } exchange)
            return new("http", Peer(exchange.Address.Span, exchange.Port), new Uri(exchange.Url).IdnHost, new Uri(exchange.Url).AbsolutePath);
        if (First(facts.Tcp.Where(one => one.Failure.Length > 0 && one.Failure != FailureCodes.Interrupted), one => one.Address, told) is { } connect)
            return new("tcp", Peer(connect.Address.Span, connect.Port), host, "");
        return always && facts.Tls.FirstOrDefault() is { } any ? new("tls", Peer(any.Address.Span, any.Port), any.ServerName, "") : null;
    }

    /// <summary>Anything at all that a volunteer would not have seen on a good day.</summary>
    public static bool Any(Facts facts) =>
        facts.Dns.Any(query => query.Resolver == ResolverNames.NonResolver ? query.Replies.Count > 0 : query.Failure.Length > 0 && query.QueryType == "A")
        || facts.Tcp.Any(one => one.Failure.Length > 0)
        || facts.Tls.Any(one => one.Arm == ComparisonArms.None && IsOff(one))
        || facts.Http.Any(one => one.Arm == ComparisonArms.None && IsOff(one));

    /// <summary>What resolvers asked inside TLS say: nobody on the way can have put it in.</summary>
    static HashSet<ByteString> Told(Facts facts, string host) =>
    [
        .. facts.Dns.Where(query => query.Hostname == host && query.Engine is DnsEngines.Https or DnsEngines.Tls)
            .SelectMany(query => query.Replies).SelectMany(reply => reply.Answers).Select(answer => answer.Address),
    ];

    // The way to a false answer's address is not the target's; and only IPv4 can be followed.
    static T? First<T>(IEnumerable<T> off, Func<T, ByteString> address, HashSet<ByteString> told) where T : class =>
        off.OrderByDescending(one => told.Count == 0 || told.Contains(address(one))).ThenBy(one => address(one).Length).FirstOrDefault();

    static bool IsOff(TlsHandshake one) => EndpointTry.IsInterference(one.Failure) || one.Failure == FailureCodes.SslUnknownAuthority;

    // A page without a byte is no site's front page.
    static bool IsOff(HttpExchange one) => EndpointTry.IsInterference(one.Failure) || one.Fingerprints.Count > 0 || one.NotFollowed.Length > 0 || one.Status is 403 or 451
        || one is { Failure: "", Status: 200, BodyLength: 0 };

    static bool IsClear(HttpExchange one) => one.Url.StartsWith("http://", StringComparison.Ordinal);

    static IPEndPoint Peer(ReadOnlySpan<byte> address, uint port) => new(new IPAddress(address), (int)port);
}
