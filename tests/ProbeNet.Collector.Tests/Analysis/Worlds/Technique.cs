using ProbeNet.Protos;

namespace ProbeNet.Collector.Tests.Analysis.Worlds;

/// <summary>One way of blocking as it shows in observations.</summary>
/// <param name="Share">Of its provider's failures.</param>
sealed record Technique(string Mechanism, string Layer, string? Token, string? Via, double Share)
{
    /// <summary>
    /// The fifteen networks with ten or more anomalous observations of www.rfa.org, July 2023 to June 2024 (Sinar Project,
    /// iMAP 2024 notebook; counts are the weights of a network's symptoms).
    /// </summary>
    public static readonly IReadOnlyList<IReadOnlyList<Technique>> Cambodia =
    [
        [new(Mechanisms.DnsInjectionSink, "dns", "203.190.164.182", "resolver", 4614), new(Mechanisms.TlsTimeout, "tls", null, null, 4610)],
        [Loopback(1258), new(Mechanisms.TcpRefused, "tcp", null, null, 1258)],
        [Loopback(542)],
        [Loopback(596), new(Mechanisms.TcpTimeout, "tcp", null, null, 62)],
        [Loopback(438)],
        [Denied(8852)],
        [Denied(737)],
        [Denied(910), Loopback(124)],
        [Denied(14), Loopback(6)],
        [new(Mechanisms.TlsReset, "tls", null, null, 186), new(Mechanisms.TcpTimeout, "tcp", null, null, 80)],
        [new(Mechanisms.TlsTimeout, "tls", null, null, 473)],
        [new(Mechanisms.DnsTimeout, "dns", null, "resolver", 164), new(Mechanisms.TcpTimeout, "tcp", null, null, 66)],
        [new(Mechanisms.TcpTimeout, "tcp", null, null, 50)],
        [Loopback(14)],
        [Loopback(8)],
    ];

    static Technique Loopback(double share) => new(Mechanisms.DnsInjectionBogon, "dns", "127.0.0.1", "resolver", share);

    static Technique Denied(double share) => new(Mechanisms.DnsNxdomain, "dns", null, "resolver", share);

    /// <summary>What a device of one maker and configuration does: it leaves its own mark wherever it stands.</summary>
    public static IReadOnlyList<Technique> Device(Random random)
    {
        var mark = random.Next(1, 250);
        Technique[] kinds =
        [
            new(Mechanisms.DnsInjectionBogon, "dns", $"10.{mark}.34.34", "path", 1),
            new(Mechanisms.DnsInjectionSink, "dns", $"198.51.{mark}.6", "path", 1),
            new(Mechanisms.TlsResetSni, "tls", $"rst:ttl{50 + mark % 70}:win{mark * 16}", null, 1),
            new(Mechanisms.HttpBlockpage, "http", $"page:family-{mark}", null, 1),
            new(Mechanisms.TlsMitmSelfSigned, "tls", $"issuer:Filter {mark}", null, 1),
        ];
        random.Shuffle(kinds);
        // Many devices treat names, clear text and TLS in different ways.
        return [.. kinds.Take(random.Next(1, 3)).Select((k, i) => k with { Share = i == 0 ? 1 : 0.4 })];
    }

    /// <summary>What a provider buys or builds for itself.</summary>
    public static IReadOnlyList<Technique> Own(Random random, int isp) => random.Next(8) switch
    {
        0 => [new(Mechanisms.DnsInjectionSink, "dns", $"203.0.113.{isp}", "resolver", 1)],
        1 => [new(Mechanisms.HttpBlockpage, "http", $"page:isp-{isp}", null, 1)],
        2 => [new(Mechanisms.TlsResetSni, "tls", $"rst:ttl{40 + isp}", null, 1)],
        // A filter that several providers may buy.
        3 => [new(Mechanisms.DnsInjectionBlockpage, "dns", "146.112.61.106", "resolver", 1)],
        _ => Cambodia[random.Next(Cambodia.Count)],
    };

    public static Technique Pick(IReadOnlyList<Technique> of, Random random)
    {
        var at = random.NextDouble() * of.Sum(t => t.Share);
        foreach (var technique in of)
            if ((at -= technique.Share) <= 0)
                return technique;
        return of[^1];
    }
}
