namespace ProbeNet.Agent.Probes.Dns;

/// <summary>What is asked, and as which try.</summary>
/// <param name="Resolver">The name that stands in the observation; never an address.</param>
/// <param name="Type">`A` or `AAAA`.</param>
sealed record DnsQuestion(string Resolver, string Name, string Type, uint Attempt = 0)
{
    public ushort TypeNumber => Type == "AAAA" ? DnsMessage.TypeAaaa : DnsMessage.TypeA;
}
