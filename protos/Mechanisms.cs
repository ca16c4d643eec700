namespace ProbeNet.Protos;

/// <summary>
/// What was done, as a dotted path; every prefix of a value is a value that claims less. Rules give the deepest that
/// the evidence supports.
/// </summary>
public static class Mechanisms
{
    public const string DnsNxdomain = "dns.nxdomain";
    public const string DnsRefused = "dns.refused";
    public const string DnsServfail = "dns.servfail";
    public const string DnsEmpty = "dns.empty";
    public const string DnsTimeout = "dns.timeout";
    public const string DnsInjection = "dns.injection";
    public const string DnsInjectionBogon = "dns.injection.bogon";
    public const string DnsInjectionBlockpage = "dns.injection.blockpage";
    public const string DnsInjectionSink = "dns.injection.sink";
    public const string DnsInjectionRace = "dns.injection.race";
    public const string DnsHijack = "dns.hijack";
    public const string DnsDohBlocked = "dns.doh_blocked";

    /// <summary>The resolver invents answers for names that do not exist. Never a block.</summary>
    public const string DnsRewrite = "dns.rewrite";

    public const string TcpTimeout = "tcp.timeout";
    public const string TcpReset = "tcp.reset";
    public const string TcpRefused = "tcp.refused";
    public const string IpUnreachable = "ip.unreachable";

    public const string TlsReset = "tls.reset";
    public const string TlsResetSni = "tls.reset.sni";
    public const string TlsTimeout = "tls.timeout";
    public const string TlsTimeoutSni = "tls.timeout.sni";
    public const string TlsClose = "tls.close";
    public const string TlsCloseSni = "tls.close.sni";
    public const string TlsAlert = "tls.alert";
    public const string TlsMitm = "tls.mitm";
    public const string TlsMitmSelfSigned = "tls.mitm.self_signed";
    public const string TlsMitmCaSigned = "tls.mitm.ca_signed";

    public const string HttpBlockpage = "http.blockpage";
    public const string HttpRedirect = "http.redirect";
    public const string HttpReset = "http.reset";
    public const string HttpResetHost = "http.reset.host";
    public const string HttpTimeout = "http.timeout";
    public const string HttpTimeoutHost = "http.timeout.host";
    public const string HttpEmpty = "http.empty";

    /// <summary>A proxy in the path; the content is intact.</summary>
    public const string HttpHijack = "http.hijack";

    public const string Quic = "quic";
    public const string QuicTimeout = "quic.timeout";
    public const string QuicReset = "quic.reset";
    public const string Throttle = "throttle";
    public const string ThrottleSni = "throttle.sni";
    public const string ThrottleIp = "throttle.ip";
}
