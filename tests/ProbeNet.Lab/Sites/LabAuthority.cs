using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProbeNet.Lab.Sites;

/// <summary>The certificate authority that every host of the lab trusts, with two below it, as in a real chain: servers send three certificates.</summary>
sealed class LabAuthority : IDisposable
{
    readonly X509Certificate2 _root;
    readonly X509Certificate2 _regional;
    readonly X509Certificate2 _issuing;
    readonly DateTimeOffset _from;

    public LabAuthority(TimeProvider time)
    {
        _from = time.GetUtcNow().AddDays(-2);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Laboratory Root", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        _root = request.CreateSelfSigned(_from, _from.AddDays(400));
        _regional = Below(_root, "CN=Laboratory Regional Authority");
        _issuing = Below(_regional, "CN=Laboratory Issuing Authority");
    }

    /// <summary>What stands between a certificate and the root, the nearest first.</summary>
    public X509Certificate2Collection Between => [_issuing, _regional];

    public string Pem => _root.ExportCertificatePem();

    X509Certificate2 Below(X509Certificate2 above, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var issued = request.Create(above, _from, _from.AddDays(350), RandomNumberGenerator.GetBytes(16));
        return issued.CopyWithPrivateKey(key);
    }

    /// <summary>A certificate with its key for one name.</summary>
    public X509Certificate2 Issue(string name)
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
        using var issued = request.Create(_issuing, _from, _from.AddDays(300), RandomNumberGenerator.GetBytes(16));
        using var whole = issued.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), null);
    }

    public void Dispose()
    {
        _issuing.Dispose();
        _regional.Dispose();
        _root.Dispose();
    }
}
