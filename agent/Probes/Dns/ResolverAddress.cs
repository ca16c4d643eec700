using System.Diagnostics.CodeAnalysis;
using System.Net;
using ProbeNet.Protos;

namespace ProbeNet.Agent.Probes.Dns;

/// <summary>
/// A resolver as people write it: `system`, `udp://IP[:port]`, `tcp://IP[:port]`, `tls://HOST[:port]#IP`,
/// `https://HOST[:port]/path#IP`. Without `#IP` a host name is looked up by the system's resolver.
/// </summary>
/// <param name="Engine">One of <see cref="DnsEngines"/>.</param>
/// <param name="Host">The name that the resolver's certificate has to carry; an address in text when there is none.</param>
/// <param name="Address">Null when it has to be looked up, and for `system`.</param>
/// <param name="Path">Of the request; empty but for `https`.</param>
sealed record ResolverAddress(string Engine, string Host, IPAddress? Address, int Port, string Path)
{
    const int TlsPort = 853;
    const int HttpsPort = 443;

    public static ResolverAddress System { get; } = new(DnsEngines.System, "", null, ProbeSockets.DnsPort, "");

    /// <summary>True when the port is one that resolvers use: what a signed list may name.</summary>
    public bool HasUsualPort => Port is ProbeSockets.DnsPort or TlsPort or HttpsPort;

    /// <summary>Does not throw on malformed text.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ResolverAddress? resolver)
    {
        resolver = null;
        if (string.Equals(text, DnsEngines.System, StringComparison.OrdinalIgnoreCase))
        {
            resolver = System;
            return true;
        }
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.UserInfo.Length > 0)
            return false;
        var host = url.IdnHost.Trim('[', ']');
        var isAddress = IPAddress.TryParse(host, out var address);
        if (url.Fragment.Length > 1 && !IPAddress.TryParse(url.Fragment[1..].Trim('[', ']'), out address))
            return false;
        resolver = url.Scheme switch
        {
            "udp" when isAddress => new(DnsEngines.Udp, host, address, PortOf(url, ProbeSockets.DnsPort), ""),
            "tcp" when isAddress => new(DnsEngines.Tcp, host, address, PortOf(url, ProbeSockets.DnsPort), ""),
            "tls" when host.Length > 0 => new(DnsEngines.Tls, host, address, PortOf(url, TlsPort), ""),
            "https" when host.Length > 0 => new(DnsEngines.Https, host, address, PortOf(url, HttpsPort), url.PathAndQuery),
            _ => null,
        };
        return resolver is not null;
    }

    static int PortOf(Uri url, int usual) => url.Port > 0 ? url.Port : usual;
}
