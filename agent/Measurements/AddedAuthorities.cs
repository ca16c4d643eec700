using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ProbeNet.Agent.Measurements;

/// <summary>
/// Authorities that somebody added to this machine's trust, as filter products and employers do. A reference whose
/// certificate leads to one of them was read on the way.
/// </summary>
static class AddedAuthorities
{
    // Where Debian, Fedora and Arch keep what the machine's owner adds.
    static readonly string[] Folders =
        ["/usr/local/share/ca-certificates", "/etc/pki/ca-trust/source/anchors", "/etc/ca-certificates/trust-source/anchors"];

    static readonly Lazy<IReadOnlySet<string>> Read = new(() => In(Folders));

    /// <summary>SHA-256 in hexadecimal, as they were when the program first asked.</summary>
    public static IReadOnlySet<string> Known => Read.Value;

    public static IReadOnlySet<string> In(IEnumerable<string> folders)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var file in folders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)))
        {
            try
            {
                var certificates = new X509Certificate2Collection();
                certificates.ImportFromPemFile(file);
                found.UnionWith(certificates.Select(one => Convert.ToHexStringLower(SHA256.HashData(one.RawDataMemory.Span))));
            }
            catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
            {
                // No certificate, or none that this program may read.
            }
        }
        return found;
    }
}
