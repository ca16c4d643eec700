namespace ProbeNet.Lab.Noise;

/// <summary>What lines, homes and providers do of themselves, by the name that scenario files use.</summary>
static class LineNoise
{
    /// <summary>At a volunteer's host.</summary>
    public static readonly IReadOnlyList<string> AtHome =
    [
        "loss.1", "loss.5", "latency", "router.dead", "router.lying", "portal", "filter.trusted", "filter.untrusted", "vpn", "ipv6.broken",
    ];

    /// <summary>At a provider.</summary>
    public static readonly IReadOnlyList<string> AtProvider = ["resolver.servfail", "resolver.refused", "resolver.nxdomain", "resolver.rewrites"];
}
