namespace ProbeNet.Protos;

/// <summary>Values of DnsQuery.resolver that are no name of the signed list.</summary>
public static class ResolverNames
{
    public const string System = "system";

    /// <summary>One that the person configured: its name is theirs, so it is not sent.</summary>
    public const string Custom = "custom";

    /// <summary>An address that runs no resolver: whatever answers from there was put into the path.</summary>
    public const string NonResolver = "non_resolver";
}

/// <summary>Values of DnsQuery.engine.</summary>
public static class DnsEngines
{
    public const string System = "system";
    public const string Udp = "udp";
    public const string Tcp = "tcp";
    public const string Tls = "tls";
    public const string Https = "https";
}

/// <summary>Values of TlsHandshake.arm: what a server name comparison towards one address is made of.</summary>
public static class ComparisonArms
{
    /// <summary>The ordinary handshake of the measurement, which is part of no comparison.</summary>
    public const string None = "";

    /// <summary>The target's name, sent again.</summary>
    public const string Target = "target";

    /// <summary>An innocuous name towards the target's address.</summary>
    public const string Innocuous = "innocuous";

    /// <summary>A reference's page at its own address, at the same time as the target's.</summary>
    public const string Reference = "reference";
}

/// <summary>Values of PathStep.reply.</summary>
public static class PathReplies
{
    public const string Silence = "";
    public const string Exceeded = "exceeded";
    public const string Unreachable = "unreachable";
    public const string Answer = "answer";
    public const string Reset = "reset";
    public const string Close = "close";
    public const string Connected = "connected";
}

/// <summary>Values of QuicExchange.reply.</summary>
public static class QuicReplies
{
    public const string None = "";
    public const string VersionNegotiation = "version_negotiation";
    public const string ServerHello = "server_hello";
    public const string Close = "close";
    public const string Retry = "retry";
    public const string Unreadable = "unreadable";
}

/// <summary>Values of NetworkCheck's fields.</summary>
public static class NetworkStates
{
    public const string Open = "open";
    public const string Portal = "portal";
    public const string Works = "works";
    public const string Broken = "broken";
    public const string None = "none";
    public const string Intercepted = "intercepted";
    public const string Answered = "answered";
    public const string Silent = "silent";
}
