namespace ProbeNet.Collector.Analysis.Findings;

/// <summary>What one measurement shows (contract 2). The numbers are stored.</summary>
enum Outcome
{
    Artefact = 0,
    Anomaly = 1,
    Slow = 2,
    Refused = 3,
    Down = 4,
    Ok = 5,
    Discarded = 6,
}

static class Outcomes
{
    public const int Count = 7;

    public static string Word(this Outcome outcome) => outcome switch
    {
        Outcome.Artefact => "artefact",
        Outcome.Anomaly => "anomaly",
        Outcome.Slow => "slow",
        Outcome.Refused => "refused",
        Outcome.Down => "down",
        Outcome.Ok => "ok",
        Outcome.Discarded => "discarded",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, null),
    };

    /// <summary>Something in the path did it, as far as one measurement can tell.</summary>
    public static bool IsInterference(this Outcome outcome) => outcome is Outcome.Artefact or Outcome.Anomaly;
}

/// <summary>Why a measurement proves nothing.</summary>
static class DiscardReasons
{
    public const string ReferencesFailed = "references_failed";
    public const string NetworkDown = "network_down";
    public const string NoControl = "no_control";
    /// <summary>The measurement ended before it could say anything.</summary>
    public const string Incomplete = "incomplete";
    public const string Unreadable = "unreadable";
}

/// <summary>What kind of proof an artefact is (contract 2, "blocked").</summary>
static class Artefacts
{
    public const string Injected = "injected";
    public const string Bogon = "bogon";
    public const string Sink = "sink";
    public const string FalseCertificate = "false_certificate";
    public const string Blockpage = "blockpage";
    public const string SniComparison = "sni_comparison";
    public const string ResolverContradiction = "resolver_contradiction";
}

static class Layers
{
    public const string Dns = "dns";
    public const string Tcp = "tcp";
    public const string Tls = "tls";
    public const string Http = "http";
    public const string Quic = "quic";
}

static class Loci
{
    public const string Network = "network";
    public const string Server = "server";
    public const string Local = "local";
    public const string Unknown = "unknown";
}

/// <summary>How far a finding is evidence: that nothing fired is not the same as that all was well.</summary>
static class Evidences
{
    public const string None = "none";
    public const string Discarded = "discarded";
    public const string Scored = "scored";
}

/// <param name="Family">"ipv4" or "ipv6".</param>
sealed record FamilyFinding(string Family, Outcome Outcome, IReadOnlyList<FoundMechanism> Mechanisms);

/// <summary>Who gave a false DNS answer, as far as one measurement can tell.</summary>
static class Vias
{
    public const string Resolver = "resolver";
    public const string Path = "path";
    public const string Unknown = "unknown";
}

/// <param name="Name">One of Mechanisms or a dotted prefix.</param>
/// <param name="Via">One of <see cref="Vias"/> for DNS; otherwise null.</param>
sealed record FoundMechanism(string Name, string? Via = null);

/// <summary>What one measurement shows, with every rule that fired and not only the winner.</summary>
sealed record Finding
{
    public required Outcome Outcome { get; init; }

    /// <summary>One of <see cref="DiscardReasons"/>; null unless discarded.</summary>
    public string? DiscardReason { get; init; }

    /// <summary>Strongest first. An outcome "ok" may list what did not decide.</summary>
    public IReadOnlyList<FoundMechanism> Mechanisms { get; init; } = [];

    /// <summary>One of <see cref="Layers"/>, where the strongest mechanism acted; null without one.</summary>
    public string? Layer { get; init; }

    /// <summary>One of <see cref="Loci"/>.</summary>
    public string Locus { get; init; } = Loci.Unknown;

    /// <summary>Network of the hop that interferes, where tests with rising TTL located it.</summary>
    public long? HopAsn { get; init; }

    /// <summary>Distance of the place in hops from the volunteer; null where it was not located.</summary>
    public int? Hop { get; init; }

    /// <summary>The hop is the volunteer's own network's; only its distance is known then.</summary>
    public bool HopIsOwn { get; init; }

    /// <summary>One of <see cref="Evidences"/>.</summary>
    public string Evidence { get; init; } = Evidences.None;

    public int RulesVersion { get; init; }

    /// <summary>Names the fingerprints that were known; empty without any.</summary>
    public string FingerprintVersion { get; init; } = "";

    /// <summary>Networks whose controls it was compared with.</summary>
    public IReadOnlyList<string> Controls { get; init; } = [];

    /// <summary>What each address family shows by itself, where both were tried; empty otherwise.</summary>
    public IReadOnlyList<FamilyFinding> Families { get; init; } = [];

    /// <summary>Identifiers of the rules that fired, in the order of the cascade.</summary>
    public IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Of <see cref="Artefacts"/>.</summary>
    public IReadOnlyList<string> Artefacts { get; init; } = [];

    /// <summary>What identifies the device or sink ("address:192.0.2.1", "page:…", "issuer:…").</summary>
    public IReadOnlyList<string> Tokens { get; init; } = [];
}
