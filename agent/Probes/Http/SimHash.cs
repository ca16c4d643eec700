using System.Numerics;

namespace ProbeNet.Agent.Probes.Http;

/// <summary>
/// A 64-bit SimHash (Charikar 2002) over runs of three words: pages that differ in little differ in few bits. Words
/// are runs of letters and digits in lower case; a feature is hashed by FNV-1a. 0 for a text without words.
/// </summary>
static class SimHash
{
    const int Bits = 64;
    const ulong FnvOffset = 14695981039346656037;
    const ulong FnvPrime = 1099511628211;

    public static ulong Of(ReadOnlySpan<char> text)
    {
        Span<int> votes = stackalloc int[Bits];
        var (first, second, words) = (0ul, 0ul, 0);
        while (TryWord(ref text, out var word))
        {
            words++;
            Vote(votes, Mix(Mix(first, second), word));
            (first, second) = (second, word);
        }
        var hash = 0ul;
        for (var bit = 0; bit < Bits && words > 0; bit++)
            hash |= votes[bit] > 0 ? 1ul << bit : 0;
        return hash;
    }

    /// <summary>Bits that differ, 0 to 64.</summary>
    public static int Distance(ulong one, ulong other) => BitOperations.PopCount(one ^ other);

    static bool TryWord(ref ReadOnlySpan<char> text, out ulong hash)
    {
        hash = FnvOffset;
        var at = 0;
        while (at < text.Length && !char.IsLetterOrDigit(text[at]))
            at++;
        var start = at;
        for (; at < text.Length && char.IsLetterOrDigit(text[at]); at++)
            hash = (hash ^ char.ToLowerInvariant(text[at])) * FnvPrime;
        text = text[at..];
        return at > start;
    }

    static ulong Mix(ulong one, ulong other)
    {
        var mixed = (one ^ BitOperations.RotateLeft(other, 31)) * FnvPrime;
        return mixed ^ (mixed >> 29);
    }

    static void Vote(Span<int> votes, ulong feature)
    {
        // FNV's high bits mix poorly on short input (its authors' xor-fold advice); one more multiplication evens them.
        feature = (feature ^ (feature >> 32)) * 0x9E3779B97F4A7C15;
        feature ^= feature >> 32;
        for (var bit = 0; bit < Bits; bit++)
            votes[bit] += (feature >> bit & 1) == 1 ? 1 : -1;
    }
}
