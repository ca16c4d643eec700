using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProbeNet.Protos;

namespace ProbeNet.Agent.Probes.Tls;

/// <summary>The certificates of a handshake as the peer sent them, and what is wrong with them.</summary>
sealed class PeerCertificates(TimeProvider time)
{
    const X509ChainStatusFlags NoRoot = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain;

    /// <summary>DER, leaf first.</summary>
    public List<byte[]> Sent { get; } = [];

    public string Failure { get; private set; } = FailureCodes.None;

    /// <summary>SHA-256 of the last certificate of a chain that this machine trusts; null without one.</summary>
    public byte[]? Root { get; private set; }

    /// <summary>Lets every certificate pass, for an invalid one is what has to be recorded whole.</summary>
    public bool Record(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not null)
            Sent.Add(certificate.GetRawCertData());
        // The built chain may lack or add members; what was sent stands in the extra store.
        foreach (var other in chain?.ChainPolicy.ExtraStore ?? [])
        {
            if (!Sent.Exists(known => known.AsSpan().SequenceEqual(other.RawDataMemory.Span)))
                Sent.Add(other.RawData);
        }
        Failure = Judge(certificate as X509Certificate2, chain, errors);
        if (errors == SslPolicyErrors.None && chain is { ChainElements.Count: > 0 })
            Root = SHA256.HashData(chain.ChainElements[^1].Certificate.RawDataMemory.Span);
        return true;
    }

    // The order of Go's verifier, which OONI's codes come from: validity, name, root.
    string Judge(X509Certificate2? leaf, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
            return FailureCodes.None;
        var now = time.GetUtcNow().UtcDateTime;
        if (leaf is null || !IsInForce(leaf, now))
            return FailureCodes.SslInvalidCertificate;
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
            return FailureCodes.SslInvalidHostname;
        return chain is not null && Array.Exists(chain.ChainStatus, status => (status.Status & NoRoot) != X509ChainStatusFlags.NoError)
            ? FailureCodes.SslUnknownAuthority
            : FailureCodes.SslInvalidCertificate;
    }

    // The platform reads the dates only now: what is no date is the certificate's fault like any other.
    static bool IsInForce(X509Certificate2 leaf, DateTime now)
    {
        try
        {
            return leaf.NotAfter.ToUniversalTime() >= now && leaf.NotBefore.ToUniversalTime() <= now;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
