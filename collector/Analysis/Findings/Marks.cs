using System.Net;

namespace ProbeNet.Collector.Analysis.Findings;

/// <summary>How a device or sink is named in tokens.</summary>
static class Marks
{
    public static string Address(IPAddress address) => $"address:{address}";

    public static string Page(string sha256) => $"page:{sha256}";

    public static string Redirect(string host) => $"redirect:{host}";

    public static string Issuer(string issuer) => $"issuer:{issuer}";
}
