using System.Collections.Concurrent;
using System.Net.Security;

namespace ProbeNet.Lab.Sites;

/// <summary>What sites show, each certificate made once.</summary>
sealed class Certificates(LabAuthority trusted) : IDisposable
{
    readonly LabAuthority _unknown = new(TimeProvider.System, "Unheard Of");
    readonly ConcurrentDictionary<(string Name, SiteCertificate Kind, int Generation), SslStreamCertificateContext> _made = [];

    public SslStreamCertificateContext Of(string name, Site site) => _made.GetOrAdd((name, site.Certificate, site.Generation), wanted => wanted.Kind switch
    {
        SiteCertificate.Expired => trusted.Issue(name, expired: true),
        SiteCertificate.WrongName => trusted.Issue("other." + name),
        SiteCertificate.UnknownAuthority => _unknown.Issue(name),
        _ => trusted.Issue(name),
    });

    public void Dispose() => _unknown.Dispose();
}
