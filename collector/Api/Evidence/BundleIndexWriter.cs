using System.Security.Cryptography;
using ProbeNet.Collector.Store;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Api.Evidence;

/// <summary>Puts the list of contents together: proofs, and the hash of every file.</summary>
static class BundleIndexWriter
{
    public static BundleIndex Of(BundleContent content, SigningKey identity, Dictionary<string, byte[]> files) => new(
        BundleIndex.CurrentFormat, content.Made, Hex(identity.PublicKey.Bytes.Span), Measurement(content), Seal(content.Seal),
        content.Seal.Link is { } link ? new(link.Gap, link.Fork) : null,
        content.Day is { } day ? new(day.Leaf.Index, day.Leaf.Day, Head(day, identity)) : null,
        [.. content.Controls.Select(control => new BundleControl(control.Uid, control.Asn))], content.AllControls, content.Licence,
        new(files.ToDictionary(file => file.Key, file => Hex(SHA256.HashData(file.Value))), StringComparer.Ordinal));

    static BundleMeasurement Measurement(BundleContent content)
    {
        var row = content.Measurement.Row;
        var measurement = SealedMeasurement.Parser.ParseFrom(row.Details);
        return new(
            content.WithCircumstance ? row.Uid : null, Hex(Leaf.Hash(measurement)), DateOnly.FromDateTime(row.Time.UtcDateTime), row.Cc, row.Asn,
            AsnSources.Word(row.AsnSource), content.Measurement.Received, Hex(measurement.FactsSalt.Span),
            content.WithCircumstance ? Hex(measurement.CircumstanceSalt.Span) : null,
            Hex(Leaf.CircumstanceHash(measurement.CircumstanceSalt.Span, measurement.Circumstance.Span)));
    }

    // What is neither here nor has a tombstone left its leaf nowhere; then the root cannot be computed any more.
    static BundleSeal Seal(StoredSeal seal)
    {
        var hash = Hex(seal.SealHash);
        if (seal.Link is not { } link || seal.Leaves.Count != link.Count)
            return new(hash, seal.Index, seal.Link?.Count, null);
        byte[][] leaves = [.. Enumerable.Range(0, link.Count).Select(index => seal.Leaves[index])];
        return new(hash, seal.Index, link.Count, Hex(MerkleTree.Path(leaves, seal.Index)));
    }

    static BundleHead? Head(LoggedDay day, SigningKey identity)
    {
        var number = day.Heads.Index().FirstOrDefault(head => head.Item.Day == day.Leaf.Day, (-1, null!)).Index;
        if (number < 0)
            return null;
        var (own, log) = (day.Heads[number], LogHead.Of(day.Heads));
        return new(
            own.FirstIndex, own.Size, Hex(own.Root), Hex(MerkleTree.Path(day.Leaves, (int)(day.Leaf.Index - day.First))),
            number, log.Days, log.LastDay, Hex(log.Root), Hex(MerkleTree.Path(day.Heads.Select(head => head.Hash()).ToArray(), number)),
            Hex(identity.Sign(SigningContext.LogHead, log.Statement())));
    }

    static string[] Hex(IReadOnlyList<byte[]> hashes) => [.. hashes.Select(hash => Hex(hash))];

    static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
