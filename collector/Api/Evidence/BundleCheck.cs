using System.Security.Cryptography.X509Certificates;
using ProbeNet.Protos.Sealing;

namespace ProbeNet.Collector.Api.Evidence;

/// <summary>Checks a bundle with nothing but its bytes.</summary>
static class BundleCheck
{
    /// <param name="pinned">The identity key that the reader expects; null takes the bundle's own.</param>
    /// <param name="later">A later state of the log, as `export log` writes it.</param>
    /// <param name="authority">Certificates of the outside authority that the reader expects; null or none take the token's own.</param>
    /// <exception cref="InvalidDataException">The stream is no evidence bundle.</exception>
    public static IReadOnlyList<Claim> Run(Stream bundle, VerificationKey? pinned, LogGrowth? later = null, X509Certificate2Collection? authority = null)
    {
        var archive = BundleArchive.Read(bundle);
        var claims = new Claims();
        var identity = Identity(archive.Index, pinned, claims);
        ContentCheck.Run(archive, identity, claims);
        var facts = MeasurementCheck.Run(archive, claims);
        SealCheck.Run(archive, identity, claims);
        LogCheck.Run(archive, identity, later, claims);
        TimestampCheck.Run(archive, authority ?? [], claims);
        CompanyCheck.Run(archive, facts, claims);
        JudgementCheck.Run(archive, facts, claims);
        return claims.All;
    }

    internal static byte[] FromHex(string? text)
    {
        try
        {
            return Convert.FromHexString(text ?? "");
        }
        catch (FormatException)
        {
            return [];
        }
    }

    internal static byte[][] FromHex(IReadOnlyList<string> texts) => [.. texts.Select(FromHex)];

    static VerificationKey? Identity(BundleIndex index, VerificationKey? pinned, Claims claims)
    {
        if (!VerificationKey.TryImport(FromHex(index.Identity), out var own))
            claims.False("The collector's public key is malformed.");
        else if (pinned is null)
            claims.Add(Strength.Missing, $"Whose collector it is: compare its key {index.Identity} with one you trust, or give it with --identity.");
        else if (pinned.Bytes != own.Bytes)
            claims.False("The bundle comes from another collector than the one expected.");
        return pinned ?? own;
    }
}
