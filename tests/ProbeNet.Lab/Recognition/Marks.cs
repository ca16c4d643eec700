using System.Security.Cryptography;

namespace ProbeNet.Lab.Recognition;

/// <summary>
/// What can be told of traffic by looking at it, by name. A name begins with its family: `dns`, `tls`, `http`, `tcp`, `size`,
/// `time`, `counts`. What is not there is 0.
/// </summary>
sealed class Marks : Dictionary<string, double>
{
    public static readonly IReadOnlyList<string> Families = ["dns", "tls", "http", "tcp", "size", "time", "counts"];

    public Marks()
        : base(StringComparer.Ordinal)
    {
    }

    public static string FamilyOf(string mark) => mark[..mark.IndexOf('.')];

    /// <summary>Marks that are there or not: a cipher offered, an order of headers.</summary>
    public void Have(string mark) => this[mark] = 1;

    /// <summary>A name for one of a countless kind of things.</summary>
    public static string Print(ReadOnlySpan<byte> what) => Convert.ToHexStringLower(SHA256.HashData(what).AsSpan(0, 4));
}
