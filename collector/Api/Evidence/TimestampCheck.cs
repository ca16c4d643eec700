using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;
using ProbeNet.Collector.Store;
using ProbeNet.Protos.Sealing;

namespace ProbeNet.Collector.Api.Evidence;

/// <summary>That an outside authority saw the log of days as the bundle has it, and when.</summary>
static class TimestampCheck
{
    const string TimeStamping = "1.3.6.1.5.5.7.3.8";

    /// <param name="authority">Certificates that the reader trusts; none take whatever authority signed.</param>
    public static void Run(BundleArchive archive, X509Certificate2Collection authority, Claims claims)
    {
        if (archive.Index.Log?.Head is not { } head)
            return;
        if (archive.Find(BundleFile.Timestamp) is not { } bytes)
        {
            claims.Add(Strength.Missing, "When the log of days was as it is: no outside authority has stamped it yet.");
            return;
        }
        var statement = new LogHead(head.Days, head.LastDay, BundleCheck.FromHex(head.LogRoot) is { Length: MerkleTree.HashSize } root ? root : new byte[MerkleTree.HashSize]).Statement();
        if (archive.Find(BundleFile.LogHead)?.AsSpan().SequenceEqual(statement) != true)
            claims.False($"{BundleFile.LogHead} is another state of the log than the bundle names.");
        if (!Rfc3161TimestampToken.TryDecode(bytes, out var token, out var read) || read != bytes.Length)
            claims.False($"{BundleFile.Timestamp} is no time stamp, or not as its authority signed it.");
        else if (!token.TokenInfo.GetMessageHash().Span.SequenceEqual(SHA256.HashData(statement)))
            claims.False("The time stamp is of something else than this state of the log.");
        else if (!Verify(token, statement, out var signer))
            claims.False("The time stamp is not signed by the certificate in it.");
        else
            Say(token, signer!, head, authority, claims);
    }

    static void Say(Rfc3161TimestampToken token, X509Certificate2 signer, BundleHead head, X509Certificate2Collection authority, Claims claims)
    {
        var when = token.TokenInfo.Timestamp.ToUniversalTime();
        var who = $"{signer.Subject} (certificate {Convert.ToHexStringLower(signer.GetCertHash(HashAlgorithmName.SHA256))})";
        claims.Add(Strength.Proven, FormattableString.Invariant($"{who} signed at {when:yyyy-MM-dd HH:mm:ss} UTC that it saw the log of days up to {head.LastDay:yyyy-MM-dd}: nothing in it is younger."));
        if (authority.Count == 0)
            claims.Add(Strength.Missing, "Whose that certificate is: compare it with one you trust, or give the authority's with --authority.");
        else
            claims.Proves(IsOf(token, signer, authority, when), "That certificate is the expected authority's, for time stamps.", "The time stamp is from another authority than the one expected.");
    }

    // Hostile bytes can make the signature's own code throw.
    static bool Verify(Rfc3161TimestampToken token, byte[] statement, out X509Certificate2? signer)
    {
        try
        {
            return token.VerifySignatureForData(statement, out signer);
        }
        catch (CryptographicException)
        {
            signer = null;
            return false;
        }
    }

    static bool IsOf(Rfc3161TimestampToken token, X509Certificate2 signer, X509Certificate2Collection authority, DateTimeOffset when)
    {
        try
        {
            return Chained(token, signer, authority, when);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    static bool Chained(Rfc3161TimestampToken token, X509Certificate2 signer, X509Certificate2Collection authority, DateTimeOffset when)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authority);
        chain.ChainPolicy.ExtraStore.AddRange(token.AsSignedCms().Certificates);
        chain.ChainPolicy.ApplicationPolicy.Add(new(TimeStamping));
        // Offline; and what was good when it signed has not become worse by age.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTimeIgnored = false;
        chain.ChainPolicy.VerificationTime = when.LocalDateTime;
        return chain.Build(signer);
    }
}
