using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using ProbeNet.Collector.Observations;
using ProbeNet.Collector.Store;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Api.Evidence;

/// <summary>Everything that goes into a bundle.</summary>
/// <param name="Finding">As JSON.</param>
/// <param name="Controls">What was compared with.</param>
sealed record BundleContent(
    ListedMeasurement Measurement, StoredSeal Seal, IReadOnlyList<(byte[] Hash, byte[] Bytes)> Attachments,
    byte[] Finding, IReadOnlyList<StoredMeasurement> Controls, DateTimeOffset Made);

/// <summary>One measurement with all that proves it, as a zip that needs no collector to be checked.</summary>
static class EvidenceBundle
{
    static readonly JsonSerializerOptions Indented = new(Json.Options) { WriteIndented = true };

    static readonly JsonFormatter Readable = new(JsonFormatter.Settings.Default.WithIndentation());

    /// <param name="identity">Signs the receipt and the key's certificate.</param>
    public static byte[] Write(BundleContent content, SigningKey identity)
    {
        var measurement = SealedMeasurement.Parser.ParseFrom(content.Measurement.Row.Details);
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
        {
            Add(zip, content.Made, BundleFile.Readme, Encoding.UTF8.GetBytes(BundleReadme.Text(content)));
            Add(zip, content.Made, BundleFile.Index, JsonSerializer.SerializeToUtf8Bytes(Index(content, identity), Indented));
            Add(zip, content.Made, BundleFile.Measurement, content.Measurement.Row.Details);
            Add(zip, content.Made, BundleFile.Facts, ReadableFacts(measurement));
            Add(zip, content.Made, BundleFile.Circumstance, ReadableCircumstance(measurement));
            if (content.Seal.Link is { } link)
            {
                Add(zip, content.Made, BundleFile.Seal, link.Seal);
                Add(zip, content.Made, BundleFile.Certificate, Certificate(link, identity));
            }
            Add(zip, content.Made, BundleFile.Receipt, identity.Sign(SigningContext.Receipt, Receipt(content.Seal, content.Measurement)).ToByteArray());
            Add(zip, content.Made, BundleFile.Finding, content.Finding);
            foreach (var (hash, bytes) in content.Attachments)
                Add(zip, content.Made, BundleFile.AttachmentFolder + Convert.ToHexStringLower(hash) + ".der", bytes);
            foreach (var control in content.Controls)
            {
                var sealedControl = SealedMeasurement.Parser.ParseFrom(control.Details);
                Add(zip, content.Made, $"{BundleFile.ControlFolder}{control.Uid}.bin", control.Details);
                Add(zip, content.Made, $"{BundleFile.ControlFolder}{control.Uid}.facts.json", ReadableFacts(sealedControl));
                Add(zip, content.Made, $"{BundleFile.ControlFolder}{control.Uid}.circumstance.json", ReadableCircumstance(sealedControl));
            }
        }
        return buffer.ToArray();
    }

    internal static byte[] ReadableFacts(SealedMeasurement measurement) =>
        Encoding.UTF8.GetBytes(Readable.Format(Facts.Parser.ParseFrom(measurement.Facts)));

    internal static byte[] ReadableCircumstance(SealedMeasurement measurement) =>
        Encoding.UTF8.GetBytes(Readable.Format(Protos.V1.Circumstance.Parser.ParseFrom(measurement.Circumstance)));

    static BundleIndex Index(BundleContent content, SigningKey identity)
    {
        var (row, seal) = (content.Measurement.Row, content.Seal);
        return new(
            BundleIndex.CurrentFormat, row.Uid, row.Cc, row.Asn, AsnSources.Word(row.AsnSource), content.Measurement.Received, content.Made,
            Convert.ToHexStringLower(seal.SealHash), Convert.ToHexStringLower(identity.PublicKey.Bytes.Span),
            Proof(seal), seal.Log is { } log ? new(log.Index, log.Day) : null, seal.Link is { } link ? new(link.Gap, link.Fork) : null);
    }

    // What was withdrawn left its leaf nowhere; then the root cannot be computed any more.
    static BundleProof? Proof(StoredSeal seal)
    {
        if (seal.Link is not { } link || seal.Leaves.Count != link.Count)
            return null;
        byte[][] leaves = [.. Enumerable.Range(0, link.Count).Select(index => seal.Leaves[index])];
        return new(seal.Index, link.Count, [.. MerkleTree.Path(leaves, seal.Index).Select(hash => Convert.ToHexStringLower(hash))]);
    }

    // One from before the identity was changed is signed again: the bundle names one identity.
    static byte[] Certificate(KeyLink link, SigningKey identity)
    {
        var signed = Signed.Parser.ParseFrom(link.Certificate);
        return identity.PublicKey.Verify(SigningContext.Certificate, signed)
            ? link.Certificate
            : identity.Sign(SigningContext.Certificate, KeyCertificate.Parser.ParseFrom(signed.Statement)).ToByteArray();
    }

    static Receipt Receipt(StoredSeal seal, ListedMeasurement measurement) => new()
    {
        SealHash = ByteString.CopyFrom(seal.SealHash),
        Outcome = ReceiptOutcome.Accepted,
        Count = (uint)(seal.Link?.Count ?? 0),
        Day = Day.Of(new((seal.Log?.Day ?? measurement.Received).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)),
    };

    static void Add(ZipArchive zip, DateTimeOffset made, string name, byte[] bytes)
    {
        var entry = zip.CreateEntry(name);
        entry.LastWriteTime = made;
        using var stream = entry.Open();
        stream.Write(bytes);
    }
}
