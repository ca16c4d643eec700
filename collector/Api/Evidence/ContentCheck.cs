using System.Security.Cryptography;
using System.Text;
using ProbeNet.Protos.Sealing;

namespace ProbeNet.Collector.Api.Evidence;

/// <summary>That the files are those that the collector signed for, and no others.</summary>
static class ContentCheck
{
    static readonly string[] Unlisted = [BundleFile.Index, BundleFile.Signature];

    public static void Run(BundleArchive archive, VerificationKey? identity, Claims claims)
    {
        var listed = archive.Index.Files;
        if (archive.Find(BundleFile.Signature) is not { } text)
            claims.False($"{BundleFile.Signature} is missing: nobody signed the list of contents.");
        else if (BundleCheck.FromHex(Encoding.ASCII.GetString(text).Trim()) is not { Length: 64 } signature)
            claims.False($"{BundleFile.Signature} is no signature.");
        else
            claims.Proves(identity?.Verify(SigningContext.Bundle, archive.Find(BundleFile.Index)!, signature) == true,
                $"The collector's key {archive.Index.Identity} signed the list of these {listed.Count} files.",
                $"The list of contents is not as the collector's key signed it.");
        foreach (var (name, hash) in listed)
            if (archive.Find(name) is not { } bytes)
                claims.False($"{name} is missing: it is on the list of contents.");
            else if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != hash)
                claims.False($"{name} is not the file on the list of contents.");
        foreach (var name in archive.Files.Keys.Except(listed.Keys).Except(Unlisted).Order(StringComparer.Ordinal))
            claims.False($"{name} was put in: it is not on the list of contents.");
    }
}
