using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProbeNet.Collector.Analysis.Findings;

/// <summary>What a certificate says of itself.</summary>
sealed record CertificateFacts(string Issuer, bool SelfSigned)
{
    /// <summary>Null where the bytes are no certificate.</summary>
    public static CertificateFacts? Read(byte[] der)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadCertificate(der);
            return new(certificate.Issuer, certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
