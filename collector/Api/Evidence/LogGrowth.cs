using ProbeNet.Collector.Store;
using ProbeNet.Protos.Sealing;

namespace ProbeNet.Collector.Api.Evidence;

/// <summary>A signed state of the log of days, and the proof that it continues an earlier one (RFC 6962, 2.1.2). Hashes are hexadecimal.</summary>
/// <param name="After">Days of the earlier state; 0 for none, and then there is no proof.</param>
sealed record LogGrowth(string Identity, int After, int Days, DateOnly LastDay, string Root, string Signature, IReadOnlyList<string> Proof)
{
    /// <exception cref="ArgumentOutOfRangeException">The log never had so few or so many days.</exception>
    public static LogGrowth Of(IReadOnlyList<DayHead> heads, int after, SigningKey identity)
    {
        var head = LogHead.Of(heads);
        byte[][] leaves = [.. heads.Select(day => day.Hash())];
        return new(
            Hex(identity.PublicKey.Bytes.Span), after, head.Days, head.LastDay, Hex(head.Root), Hex(identity.Sign(SigningContext.LogHead, head.Statement())),
            after == 0 ? [] : [.. MerkleConsistency.Path(leaves, after).Select(hash => Hex(hash))]);
    }

    /// <summary>Does not throw on hostile content.</summary>
    public bool Continues(BundleHead earlier, VerificationKey? identity)
    {
        var root = BundleCheck.FromHex(Root);
        return root.Length == MerkleTree.HashSize && After == earlier.Days
            && identity?.Verify(SigningContext.LogHead, new LogHead(Days, LastDay, root).Statement(), BundleCheck.FromHex(Signature)) == true
            && MerkleConsistency.Verify(After, BundleCheck.FromHex(earlier.LogRoot), Days, root, BundleCheck.FromHex(Proof));
    }

    static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
