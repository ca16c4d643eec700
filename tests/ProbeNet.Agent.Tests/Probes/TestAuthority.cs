using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProbeNet.Agent.Tests.Probes;

/// <summary>A certificate authority of a test run.</summary>
static class TestAuthority
{
    static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    static readonly X509Certificate2 Root = MakeRoot();

    public static X509Certificate2Collection Roots => [X509CertificateLoader.LoadCertificate(Root.RawData)];

    public static X509Certificate2 Valid(params string[] names) => Issue(names, Now.AddDays(-1), Now.AddDays(30));

    public static X509Certificate2 Expired(params string[] names) => Issue(names, Now.AddDays(-20), Now.AddDays(-1));

    public static X509Certificate2 SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = Request(key, [name]).CreateSelfSigned(Now.AddDays(-1), Now.AddDays(30));
        return Reload(certificate);
    }

    /// <summary>Its first day is no date, which the platform tells only when it is asked for it.</summary>
    public static X509Certificate2 Undated(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issued = Request(key, [name]).Create(Root, Now.AddDays(-1), Now.AddDays(30), RandomNumberGenerator.GetBytes(8));
        var der = issued.RawData;
        // X.680, 47: the tag of UTCTime, its length, and then two digits of the year.
        der[der.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x17, 13]) + 4] = 0xff;
        using var undated = X509CertificateLoader.LoadCertificate(der);
        return undated.CopyWithPrivateKey(key);
    }

    static X509Certificate2 Issue(string[] names, DateTimeOffset from, DateTimeOffset to)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issued = Request(key, names).Create(Root, from, to, RandomNumberGenerator.GetBytes(8));
        using var certificate = issued.CopyWithPrivateKey(key);
        return Reload(certificate);
    }

    static CertificateRequest Request(ECDsa key, string[] names)
    {
        var request = new CertificateRequest($"CN={names[0]}", key, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (var name in names)
        {
            if (IPAddress.TryParse(name, out var address))
                alternatives.AddIpAddress(address);
            else
                alternatives.AddDnsName(name);
        }
        request.CertificateExtensions.Add(alternatives.Build());
        return request;
    }

    static X509Certificate2 MakeRoot()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Test root", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var root = request.CreateSelfSigned(Now.AddDays(-40), Now.AddDays(300));
        return Reload(root);
    }

    static X509Certificate2 Reload(X509Certificate2 certificate) =>
        X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null);
}
