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
}
