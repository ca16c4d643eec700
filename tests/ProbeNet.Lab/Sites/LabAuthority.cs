using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProbeNet.Lab.Sites;

/// <summary>
/// A certificate authority with two below it, as in a real chain: servers send three certificates. Every host of the lab
/// trusts the root of one; nobody that of any other.
/// </summary>
sealed class LabAuthority : IDisposable
{
    readonly X509Certificate2 _root;
    readonly X509Certificate2 _regional;
    readonly X509Certificate2 _issuing;
    readonly DateTimeOffset _from;

    public LabAuthority(TimeProvider time, string name = "Laboratory")
    {
        _from = time.GetUtcNow().AddDays(-100);
        _root = Authority($"CN={name} Root", issuer: null);
        _regional = Authority($"CN={name} Regional Authority", _root);
        _issuing = Authority($"CN={name} Issuing Authority", _regional);
    }

    public string Pem => _root.ExportCertificatePem();

    /// <summary>Leaf and what stands between it and the root for one name, as a server presents them.</summary>
    /// <param name="expired">It ended a month ago.</param>
    public SslStreamCertificateContext Issue(string name, bool expired = false)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: false));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        using var issued = request.Create(_issuing, _from, _from.AddDays(expired ? 70 : 400), RandomNumberGenerator.GetBytes(16));
        using var whole = issued.CopyWithPrivateKey(key);
        return SslStreamCertificateContext.Create(X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), null), [_issuing, _regional], offline: true);
    }

    public void Dispose()
    {
        _root.Dispose();
        _regional.Dispose();
        _issuing.Dispose();
    }

    X509Certificate2 Authority(string name, X509Certificate2? issuer)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        if (issuer is null)
            return request.CreateSelfSigned(_from, _from.AddDays(800));
        using var issued = request.Create(issuer, _from, _from.AddDays(600), RandomNumberGenerator.GetBytes(16));
        return issued.CopyWithPrivateKey(key);
    }
}
