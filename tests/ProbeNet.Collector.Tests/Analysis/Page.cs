using System.Net;
using Google.Protobuf;
using ProbeNet.Collector.Observations;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Tests.Analysis;

/// <summary>Writes the facts of one measurement of a page, step by step, with the protos that agents send.</summary>
sealed class Page
{
    public const string Truth = "8.18.1.1";
    public const string Lie = "9.9.33.33";
    public const string Content = "the site's own page";

    public Page(string input, bool references = true)
    {
        Facts = new Facts { Input = input, TestName = "web", TestVersion = "1", Network = new NetworkCheck() };
        Url = new Uri(input);
        if (references)
            for (var i = 0; i < 3; i++)
                Facts.Network.References.Add(new Reference { Input = $"https://popular{i}.example/" });
        Facts.Network.DnsPath = NetworkStates.None;
        Nonexistent(FailureCodes.DnsNxdomain);
    }

    public Facts Facts { get; }

    public Uri Url { get; }

    public string Host => Url.Host;

    public Observation Observation => ObservationParser.Of(Facts, new Circumstance { TimeGrain = 60 })!;

    /// <summary>A page that everything works for: what a control and an unblocked volunteer see.</summary>
    public static Page Reached(string input, string address = Truth) => new Page(input).System(address).Outside(address)
        .Connects(address).Shakes(address).Shakes(address, FailureCodes.SslInvalidHostname, arm: ComparisonArms.Innocuous, name: "popular.example").Gets(address);

    public Page Nonexistent(string failure, params string[] addresses)
    {
        Facts.Network.Nonexistent = Query(DnsEngines.System, ResolverNames.System, failure, addresses);
        Facts.Network.Nonexistent.Hostname = "surelynosuchname.com";
        return this;
    }

    public Page ReferenceFails(int count = 1)
    {
        foreach (var reference in Facts.Network.References.Take(count))
            reference.Failure = FailureCodes.GenericTimeout;
        return this;
    }

    public Page System(params string[] addresses) => Asks(DnsEngines.System, ResolverNames.System, "", addresses);

    public Page SystemFails(string failure) => Asks(DnsEngines.System, ResolverNames.System, failure);

    public Page Outside(params string[] addresses) => Asks(DnsEngines.Udp, "far", "", addresses);

    public Page OutsideFails(string failure) => Asks(DnsEngines.Udp, "far", failure);

    public Page Https(params string[] addresses) => Asks(DnsEngines.Https, "doh", "", addresses);

    public Page HttpsFails(string failure) => Asks(DnsEngines.Https, "doh", failure);

    public Page NonResolver(params string[] addresses) => Asks(DnsEngines.Udp, ResolverNames.NonResolver, "", addresses);

    public Page Races(string first, string second)
    {
        var query = Query(DnsEngines.Udp, "far", "", [first]);
        query.Replies.Add(Reply("", [second]));
        Facts.Dns.Add(query);
        return this;
    }

    public Page Asks(string engine, string resolver, string failure, params string[] addresses)
    {
        Facts.Dns.Add(Query(engine, resolver, failure, addresses));
        return this;
    }

    public Page Connects(string address, string failure = "")
    {
        Facts.Tcp.Add(new TcpConnect { Address = Bytes(address), Port = (uint)Url.Port, Failure = failure });
        return this;
    }

    public Page Shakes(string address, string failure = "", string certificate = "genuine", string arm = ComparisonArms.None, string? name = null)
    {
        if (Url.Scheme != Uri.UriSchemeHttps)
            return this;
        var handshake = new TlsHandshake { Address = Bytes(address), Port = 443, ServerName = name ?? Host, Failure = failure, Arm = arm };
        if (certificate.Length > 0 && (failure.Length == 0 || failure.StartsWith("ssl_", StringComparison.Ordinal)))
            handshake.Chain.Add(Hash(certificate));
        Facts.Tls.Add(handshake);
        return this;
    }

    public Page Gets(string address, uint status = 200, string content = Content, string title = "", string fingerprint = "", params (string Name, string Value)[] headers) =>
        Gets(Url, address, status, content, title, fingerprint, "", headers);

    public Page Gets(
        Uri url, string address, uint status, string content, string title = "", string fingerprint = "", string location = "",
        params (string Name, string Value)[] headers)
    {
        var exchange = Exchange(url, address);
        exchange.Status = status;
        exchange.Title = title;
        exchange.Location = location;
        exchange.NotFollowed = location.Length > 0 ? "other_domain" : "";
        exchange.BodyLength = (uint)content.Length;
        exchange.BodySha256 = Hash(content);
        exchange.Headers.AddRange(headers.Select(h => new HttpHeader { Name = h.Name, Value = h.Value }));
        if (fingerprint.Length > 0)
            exchange.Fingerprints.Add(fingerprint);
        Facts.Http.Add(exchange);
        return this;
    }

    public Page GetFails(string address, string failure)
    {
        var exchange = Exchange(Url, address);
        exchange.Failure = failure;
        Facts.Http.Add(exchange);
        return this;
    }

    static HttpExchange Exchange(Uri url, string address) => new() { Url = url.AbsoluteUri, Address = Bytes(address), Port = (uint)url.Port };

    DnsQuery Query(string engine, string resolver, string failure, string[] addresses)
    {
        var query = new DnsQuery { Engine = engine, Resolver = resolver, Hostname = Url?.Host ?? "", QueryType = "A", Failure = failure };
        if (failure != FailureCodes.GenericTimeout && !failure.StartsWith("connection_", StringComparison.Ordinal))
            query.Replies.Add(Reply(failure, addresses));
        return query;
    }

    static DnsReply Reply(string failure, string[] addresses)
    {
        var reply = new DnsReply { Failure = failure, Rcode = failure switch { FailureCodes.DnsNxdomain => 3u, FailureCodes.DnsRefused => 5u, FailureCodes.DnsServfail => 2u, _ => 0u } };
        reply.Answers.AddRange(addresses.Select(a => new DnsAnswer { Address = Bytes(a) }));
        return reply;
    }

    static ByteString Bytes(string address) => ByteString.CopyFrom(IPAddress.Parse(address).GetAddressBytes());

    static ByteString Hash(string text) => ByteString.CopyFrom(global::System.Security.Cryptography.SHA256.HashData(global::System.Text.Encoding.UTF8.GetBytes(text)));
}
