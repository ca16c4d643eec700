namespace ProbeNet.Lab.Interference;

/// <summary>One line of a scenario: who does what to which names.</summary>
/// <param name="At">Name of an ISP.</param>
/// <param name="Kind">One of <see cref="Kinds"/>.</param>
/// <param name="Domains">A name covers its subdomains.</param>
/// <param name="Answer">For dns.answer: an address, or "blockpage" for that of the ISP's own.</param>
/// <param name="Echo">For http.blockpage: the page shows the visitor's address, telephone and account number.</param>
sealed record Rule(string At, string Kind, string[] Domains, string? Answer = null, bool Echo = false)
{
    public bool Covers(string name) =>
        Array.Exists(Domains, domain => name == domain || name.EndsWith("." + domain, StringComparison.Ordinal));
}
