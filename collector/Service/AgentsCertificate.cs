using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProbeNet.Collector.Fleet;

namespace ProbeNet.Collector.Service;

/// <summary>
/// The certificate of the agents' listener: the operator's PEM file (certificates and key), or a self-made one in the state
/// directory, which invites then pin.
/// </summary>
static class AgentsCertificate
{
    const string Operators = "Collector:Certificate";

    /// <summary>False when the listener speaks no TLS, or Kestrel's own settings name a certificate.</summary>
    public static bool IsNeeded(IConfiguration configuration) =>
        !configuration.GetSection("Kestrel:Endpoints:Agents:Certificate").Exists()
        && configuration["Kestrel:Endpoints:Agents:Url"]!.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    /// <summary>True when agents can trust it only by the pin in their invite.</summary>
    public static bool IsSelfMade(IConfiguration configuration) =>
        string.IsNullOrEmpty(configuration[Operators]) && IsNeeded(configuration);

    /// <exception cref="IOException">It cannot be read or made.</exception>
    public static (X509Certificate2 Certificate, X509Certificate2Collection Chain) Load(IConfiguration configuration, TimeProvider time)
    {
        var path = configuration[Operators] is { Length: > 0 } given ? given : SelfMade(configuration, time);
        if (!File.Exists(path))
            throw new IOException($"{Operators}: there is no file {path}.");
        try
        {
            var chain = new X509Certificate2Collection();
            chain.ImportFromPemFile(path);
            return (X509Certificate2.CreateFromPemFile(path), chain);
        }
        catch (CryptographicException e)
        {
            throw new IOException($"{path} does not hold a certificate and its key in PEM: {e.Message}", e);
        }
    }

    /// <summary>SHA-256 of the certificate's SubjectPublicKeyInfo.</summary>
    public static byte[] Pin(X509Certificate2 certificate) => SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo());

    static string SelfMade(IConfiguration configuration, TimeProvider time)
    {
        var state = configuration[CollectorConfiguration.StateDirectory]!;
        var path = Path.Combine(state, "agents.pem");
        if (File.Exists(path))
            return path;
        Directory.CreateDirectory(state);
        // The name stands in every handshake: it is the address's own and says nothing else.
        var host = PublicAddresses.Of(configuration)[0].Host;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host.Trim('[', ']'), out var address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        var now = time.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddYears(10));
        try
        {
            PrivateFile.Write(path, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n");
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another command was faster; its certificate counts.
        }
        return path;
    }
}
