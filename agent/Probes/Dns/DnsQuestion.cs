namespace ProbeNet.Agent.Probes.Dns;

/// <summary>What is asked, and as which try.</summary>
/// <param name="Resolver">The name that stands in the observation; never an address.</param>
/// <param name="Type">`A`, `AAAA` or `HTTPS`.</param>
sealed record DnsQuestion(string Resolver, string Name, string Type, uint Attempt = 0)
{
    public const string Https = "HTTPS";

    public ushort TypeNumber => Type switch
    {
        "AAAA" => DnsMessage.TypeAaaa,
        Https => DnsMessage.TypeHttps,
        _ => DnsMessage.TypeA,
    };
}
