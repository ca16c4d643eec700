using System.Net;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Observations;

/// <summary>A stored measurement: the columns that the analysis needs and the bytes as they were sealed.</summary>
/// <param name="Details">The serialised SealedMeasurement.</param>
sealed record StoredMeasurement(
    DateTimeOffset Time,
    Guid Uid,
    string Cc,
    long Asn,
    AsnSource AsnSource,
    Access Access,
    Role Role,
    byte[] Unit,
    byte[] Group,
    Reason Reason,
    string Input,
    string Target,
    byte[] Details);

/// <summary>What happened in one measurement, layer by layer, with addresses as addresses.</summary>
sealed record Observation
{
    /// <summary>Seconds that its time was floored to.</summary>
    public required int Grain { get; init; }

    public required Uri Input { get; init; }

    public IReadOnlyList<DnsObservation> Dns { get; init; } = [];
    public IReadOnlyList<TcpObservation> Tcp { get; init; } = [];
    public IReadOnlyList<TlsObservation> Tls { get; init; } = [];

    /// <summary>In the order of the requests.</summary>
    public IReadOnlyList<HttpObservation> Http { get; init; } = [];

    /// <summary>Exchanges that are arms of a comparison.</summary>
    public IReadOnlyList<HttpObservation> Arms { get; init; } = [];

    public IReadOnlyList<QuicObservation> Quic { get; init; } = [];
    public IReadOnlyList<PathObservation> Paths { get; init; } = [];

    public IReadOnlyList<ReferenceObservation> References { get; init; } = [];

    /// <summary>The question for a name that does not exist; null where it was not asked.</summary>
    public DnsObservation? Nonexistent { get; init; }

    public bool HasIpv6 { get; init; }

    public NetworkObservation Network { get; init; } = new();
}

/// <summary>The state of the volunteer's own network; empty strings for what could not be told.</summary>
sealed record NetworkObservation
{
    /// <summary>Of NetworkStates.</summary>
    public string Portal { get; init; } = "";
    public string Ipv6 { get; init; } = "";
    public string DnsPath { get; init; } = "";

    /// <summary>Null when the clock could not be compared.</summary>
    public int? ClockMinutes { get; init; }
    public bool Tunnel { get; init; }
    public bool Filter { get; init; }

    /// <summary>0 when unknown.</summary>
    public long ResolverAsn { get; init; }
}

/// <param name="Resolver">A name of the signed list or one of ResolverNames.</param>
/// <param name="Hostname">Lower case, without a trailing dot.</param>
/// <param name="Failure">A failure code; empty for success.</param>
/// <param name="Addresses">Of the first usable reply.</param>
/// <param name="Replies">Every reply within the listening window, in the order of arrival.</param>
sealed record DnsObservation(
    string Engine,
    string Resolver,
    string Hostname,
    string QueryType,
    string Failure,
    IReadOnlyList<IPAddress> Addresses,
    IReadOnlyList<DnsReplyObservation> Replies,
    int Attempt);

sealed record DnsReplyObservation(uint Rcode, string Failure, IReadOnlyList<IPAddress> Addresses);

sealed record TcpObservation(AddressPort Endpoint, string Failure, int Attempt);

/// <param name="Chain">SHA-256 of each certificate in lower-case hexadecimal, leaf first.</param>
/// <param name="Arm">One of ComparisonArms.</param>
sealed record TlsObservation(
    AddressPort Endpoint, string ServerName, string Failure, IReadOnlyList<string> Chain, uint Alert, uint Received, int Attempt, string Arm)
{
    /// <summary>
    /// Somebody spoke TLS: a certificate for another name, or an alert, is what a server gives that does not know the name.
    /// </summary>
    public bool Answered => Failure.Length == 0 || Chain.Count > 0 || Alert > 0;
}

/// <param name="Headers">Names in lower case.</param>
/// <param name="Fingerprints">Names of the list's blockpage fingerprints that matched on the agent.</param>
sealed record HttpObservation(
    Uri Url,
    AddressPort Endpoint,
    string Failure,
    uint Status,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    string Location,
    string NotFollowed,
    uint BodyLength,
    bool BodyTruncated,
    string BodySha256,
    ulong BodySimHash,
    string Title,
    int Attempt,
    IReadOnlyList<string> Fingerprints)
{
    /// <summary>One of ComparisonArms; empty for the ordinary exchange.</summary>
    public string Arm { get; init; } = "";

    /// <summary>Bytes that came, and when, in microseconds since the start of the measurement.</summary>
    public IReadOnlyList<(uint At, uint Bytes)> Samples { get; init; } = [];

    public uint Received { get; init; }
    public uint StartedUs { get; init; }

    /// <summary>When the head was complete; 0 when it never was.</summary>
    public uint FirstByteUs { get; init; }
    public uint DurationUs { get; init; }

    public bool IsSecure => Url.Scheme == Uri.UriSchemeHttps;

    public string? Header(string name)
    {
        foreach (var (key, value) in Headers)
            if (key == name)
                return value;
        return null;
    }
}

/// <param name="Reply">One of QuicReplies.</param>
/// <param name="Arm">One of ComparisonArms.</param>
sealed record QuicObservation(
    AddressPort Endpoint, string ServerName, string Failure, string Reply, uint CloseCode, bool ReservedVersion, string Arm);

/// <summary>Packets with rising TTL towards one address.</summary>
/// <param name="Arm">One of ComparisonArms: target or innocuous.</param>
/// <param name="Address">Null where it is not told, as of resolvers.</param>
sealed record PathObservation(string Layer, string Name, string Arm, uint Flow, IReadOnlyList<PathStepObservation> Steps, IPAddress? Address = null);

/// <param name="Reply">One of PathReplies.</param>
/// <param name="HopAsn">0 when unknown.</param>
/// <param name="ReplyTtl">0 when unknown.</param>
sealed record PathStepObservation(uint Ttl, string Reply, long HopAsn, bool OwnAs, uint ReplyTtl, string Content);

/// <param name="Quic">"answered", "silent" or empty.</param>
sealed record ReferenceObservation(string Input, string Failure, string Layer, string Quic = "");

/// <param name="Address">IPv4-mapped IPv6 addresses are given as IPv4.</param>
sealed record AddressPort(IPAddress Address, int Port);
