using System.Net;
using Google.Protobuf;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Observations;

/// <summary>From sealed bytes to observations. What agents send is hostile until read: nothing here throws on content.</summary>
static class ObservationParser
{
    // More than a path can be long.
    const int MostSteps = 64;

    /// <summary>Null where the bytes are no measurement of a web page.</summary>
    public static Observation? Parse(ReadOnlySpan<byte> details)
    {
        try
        {
            var @sealed = SealedMeasurement.Parser.ParseFrom(details);
            return Of(Facts.Parser.ParseFrom(@sealed.Facts), Circumstance.Parser.ParseFrom(@sealed.Circumstance));
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    /// <summary>A bare host name stands for its https page; empty for what is no page.</summary>
    public static string UrlOfInput(string input) => Input(input)?.AbsoluteUri ?? "";

    /// <summary>Empty for what is no page.</summary>
    public static string HostOfInput(string input) => Input(input) is { } url ? HostName.Of(url) : "";

    static Uri? Input(string input) => Url(input.Contains("://", StringComparison.Ordinal) ? input : $"https://{input}/");

    public static Observation? Of(Facts facts, Circumstance circumstance)
    {
        if (Input(facts.Input) is not { } input)
            return null;
        var http = facts.Http.Where(e => e.Failure != FailureCodes.Interrupted || e.Received > 0).Select(e => Of(e)).OfType<HttpObservation>().ToLookup(e => e.Arm.Length == 0);
        return new Observation
        {
            Grain = (int)Math.Min(circumstance.TimeGrain, 86_400),
            Input = input,
            // What was cut short because the measurement ended says nothing of the network.
            Dns = [.. facts.Dns.Where(q => q.Failure != FailureCodes.Interrupted).Select(Of)],
            Tcp = [.. facts.Tcp.Where(c => c.Failure != FailureCodes.Interrupted).Select(c => Of(c)).OfType<TcpObservation>()],
            Tls = [.. facts.Tls.Where(h => h.Failure != FailureCodes.Interrupted).Select(h => Of(h)).OfType<TlsObservation>()],
            Http = [.. http[true]],
            Arms = [.. http[false]],
            Quic = [.. facts.Quic.Select(q => Of(q)).OfType<QuicObservation>()],
            Paths = [.. facts.Paths.Select(Of)],
            References = [.. facts.Network?.References.Select(r => new ReferenceObservation(r.Input, r.Failure, r.Layer, r.Quic)) ?? []],
            Nonexistent = facts.Network?.Nonexistent is { } query ? Of(query) : null,
            HasIpv6 = facts.Network?.Ipv6 ?? false,
            Network = facts.Network is { } network ? Of(network) : new(),
        };
    }

    static NetworkObservation Of(NetworkCheck check) => new()
    {
        Portal = check.Portal,
        Ipv6 = check.Ipv6State,
        DnsPath = check.DnsPath,
        ClockMinutes = check.ClockKnown ? check.ClockMinutes : null,
        Tunnel = check.Tunnel,
        Filter = check.Filter,
        ResolverAsn = check.ResolverAsn,
    };

    static QuicObservation? Of(QuicExchange exchange) => Endpoint(exchange.Address, exchange.Port) is { } endpoint
        ? new(endpoint, HostName.Normal(exchange.ServerName), exchange.Failure, exchange.Reply, exchange.CloseCode, exchange.ReservedVersion, exchange.Arm)
        : null;

    static PathObservation Of(PathTest test) => new(test.Layer, HostName.Normal(test.Name), test.Arm, test.Flow,
        [.. test.Steps.Take(MostSteps).OrderBy(s => s.Ttl).Select(s => new PathStepObservation(s.Ttl, s.Reply, s.HopAsn, s.OwnAs, s.ReplyTtl, s.Content))],
        Endpoint(test.Address, test.Port)?.Address);

    static DnsObservation Of(DnsQuery query)
    {
        var replies = query.Replies.Select(r => new DnsReplyObservation(r.Rcode, r.Failure, Addresses(r.Answers))).ToArray();
        IReadOnlyList<IPAddress> addresses = [];
        if (query.Failure.Length == 0 && replies.FirstOrDefault(r => r.Addresses.Count > 0) is { } usable)
            addresses = usable.Addresses;
        return new(query.Engine, query.Resolver, HostName.Normal(query.Hostname), query.QueryType, query.Failure, addresses, replies,
            (int)query.Attempt);
    }

    static TcpObservation? Of(TcpConnect connect) =>
        Endpoint(connect.Address, connect.Port) is { } endpoint ? new(endpoint, connect.Failure, (int)connect.Attempt) : null;

    static TlsObservation? Of(TlsHandshake handshake) => Endpoint(handshake.Address, handshake.Port) is { } endpoint
        ? new(endpoint, HostName.Normal(handshake.ServerName), handshake.Failure,
            [.. handshake.Chain.Select(c => Convert.ToHexStringLower(c.Span))], handshake.Alert, handshake.Received,
            (int)handshake.Attempt, handshake.Arm)
        : null;

    static HttpObservation? Of(HttpExchange exchange)
    {
        if (Url(exchange.Url) is not { } url || Endpoint(exchange.Address, exchange.Port) is not { } endpoint)
            return null;
        return new(url, endpoint, exchange.Failure, exchange.Status,
            [.. exchange.Headers.Select(h => KeyValuePair.Create(h.Name.ToLowerInvariant(), h.Value))],
            exchange.Location, exchange.NotFollowed, exchange.BodyLength, exchange.BodyTruncated,
            Convert.ToHexStringLower(exchange.BodySha256.Span), exchange.BodySimhash, exchange.Title, (int)exchange.Attempt,
            [.. exchange.Fingerprints])
        {
            Arm = exchange.Arm,
            Samples = [.. exchange.Samples.Select(s => (s.AtUs, s.Bytes))],
            Received = exchange.Received,
            StartedUs = exchange.StartedUs,
            FirstByteUs = exchange.FirstByteUs,
            DurationUs = exchange.DurationUs,
        };
    }

    static IPAddress[] Addresses(IEnumerable<DnsAnswer> answers) =>
        [.. answers.Where(a => a.DataCase == DnsAnswer.DataOneofCase.Address).Select(a => Address(a.Address)).OfType<IPAddress>()];

    static AddressPort? Endpoint(ByteString address, uint port) =>
        Address(address) is { } parsed && port is > 0 and <= ushort.MaxValue ? new(parsed, (int)port) : null;

    static IPAddress? Address(ByteString bytes)
    {
        if (bytes.Length is not (4 or 16))
            return null;
        var address = new IPAddress(bytes.Span);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }

    static Uri? Url(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Host.Length > 0 && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) ? url : null;
}
