namespace ProbeNet.Collector.Observations.Ooni;

/// <summary>What OONI's own program concluded, as it wrote it (ts-017): it is kept beside whatever is found here.</summary>
/// <param name="Blocking">"dns", "tcp_ip", "http-failure", "http-diff" or "false"; null where it could not tell.</param>
sealed record OoniVerdict(string? Blocking, bool? Accessible, string? DnsConsistency)
{
    /// <summary>True when it speaks of interference; null when it does not decide.</summary>
    public bool? Accuses => Blocking is null ? null : Blocking != "false";
}
