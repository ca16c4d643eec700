namespace ProbeNet.Lab.Interference;

/// <summary>One line of a scenario: who does what to which names.</summary>
/// <param name="At">Name of an ISP, or "gateway".</param>
/// <param name="Kind">One of <see cref="Kinds"/>.</param>
/// <param name="Domains">A name covers its subdomains; "*" is everything. For shutdown.lines: lines of the ISP ("alfa-1").</param>
/// <param name="Answer">For DNS: an address, "blockpage" or "proxy" for that of the ISP's own; for injection also "nxdomain".</param>
/// <param name="Echo">For http.blockpage: the page shows the visitor's address, telephone and account number.</param>
sealed record Rule(string At, string Kind, string[] Domains, string? Answer = null, bool Echo = false)
{
    public const string Everything = "*";

    /// <summary>Share of connections that are met; the box throws its dice for each.</summary>
    public double Chance { get; init; } = 1;

    /// <summary>Seconds for which the same client, address and port stay silent after a hit.</summary>
    public double Residual { get; init; }

    /// <summary>For requests in clear text: only this path.</summary>
    public string? Path { get; init; }

    /// <summary>For DNS injection: the forged packet carries the question's own TTL.</summary>
    public bool CopiesTtl { get; init; }

    public bool Covers(string name) =>
        Array.Exists(Domains, domain => domain == Everything || name == domain || name.EndsWith("." + domain, StringComparison.Ordinal));
}
