using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Google.Protobuf;
using ProbeNet.Collector.Observations;
using ProbeNet.Collector.Store;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Api.Evidence;

/// <summary>One measurement with all that proves it, as a zip that needs no collector to be checked.</summary>
static class EvidenceBundle
{
    /// <param name="identity">Signs the list of contents, the receipt, the head of the log and the key's certificate.</param>
    public static byte[] Write(BundleContent content, SigningKey identity)
    {
        var files = Files(content, identity);
        var index = BundleJson.Write(BundleIndexWriter.Of(content, identity, files));
        files.Add(BundleFile.Index, index);
        files.Add(BundleFile.Signature, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(identity.Sign(SigningContext.Bundle, index)) + "\n"));
        using var buffer = new MemoryStream();
        using (var zip = new ZipArchive(buffer, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, bytes) in files.OrderBy(file => file.Key != BundleFile.Readme).ThenBy(file => file.Key, StringComparer.Ordinal))
                Add(zip, content.Made, name, bytes);
        return buffer.ToArray();
    }

    internal static byte[] Readable(ByteString facts) => BundleJson.Write(ReadableFacts.Facts(facts));

    internal static byte[] ReadableCircumstance(ByteString circumstance) => BundleJson.Write(ReadableFacts.Circumstance(circumstance));

    internal static byte[] ReadableControl(SealedMeasurement control) => BundleJson.Write(new JsonObject
    {
        ["circumstance"] = ReadableFacts.Circumstance(control.Circumstance),
        ["facts"] = ReadableFacts.Facts(control.Facts),
    });

    static Dictionary<string, byte[]> Files(BundleContent content, SigningKey identity)
    {
        var row = content.Measurement.Row;
        var measurement = SealedMeasurement.Parser.ParseFrom(row.Details);
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal)
        {
            [BundleFile.Readme] = Encoding.UTF8.GetBytes(BundleReadme.Text(content)),
            [BundleFile.Table] = Encoding.UTF8.GetBytes(BundleTable.Text(content)),
            [BundleFile.Facts] = measurement.Facts.ToByteArray(),
            [BundleFile.ReadableFacts] = Readable(measurement.Facts),
            [BundleFile.Receipt] = identity.Sign(SigningContext.Receipt, Receipt(content.Seal, content.Measurement)).ToByteArray(),
            [BundleFile.Finding] = BundleJson.Write(new BundleFinding(
                row.Cc, row.Asn, AsnSources.Word(row.AsnSource), RowView.RoleOf(row), row.Target, row.Input, FindingView.Of(content.Finding),
                [.. content.SharedMarks.Order(StringComparer.Ordinal)])),
            [BundleFile.Rules] = BundleJson.Write(BundleRules.Of(content.Finding)),
            [BundleFile.Fingerprints] = BundleJson.Write(Fingerprints(content)),
        };
        if (content.WithCircumstance)
        {
            files.Add(BundleFile.Circumstance, measurement.Circumstance.ToByteArray());
            files.Add(BundleFile.ReadableCircumstance, ReadableCircumstance(measurement.Circumstance));
        }
        if (content.Seal.Link is { } link)
        {
            files.Add(BundleFile.Seal, link.Seal);
            files.Add(BundleFile.Certificate, Certificate(link, identity));
        }
        if (content.Day is { Stamp: { } stamp } day)
        {
            files.Add(BundleFile.LogHead, LogHead.Of(day.Heads).Statement());
            files.Add(BundleFile.Timestamp, stamp);
        }
        if (content.Cell is { } cell)
            // The witness is a row of somebody else's.
            files.Add(BundleFile.Cell, BundleJson.Write(cell with { Cell = cell.Cell with { Witness = null } }));
        foreach (var (hash, bytes) in content.Attachments)
            files.Add(BundleFile.Attachment(hash), bytes);
        foreach (var control in content.Controls)
        {
            files.Add(BundleFile.Control(control.Uid), control.Details);
            files.Add(BundleFile.ReadableControl(control.Uid), ReadableControl(SealedMeasurement.Parser.ParseFrom(control.Details)));
        }
        return files;
    }

    static BundleFingerprints Fingerprints(BundleContent content) => new(
        content.Fingerprints.Version, content.Fingerprints.Files,
        ObservationParser.Parse(content.Measurement.Row.Details) is { } seen ? [.. content.Fingerprints.Touching(seen).Select(BundleFingerprint.Of)] : []);

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
        Day = LogLeaf.DayNumber(seal.Log?.Day ?? measurement.Received),
    };

    static void Add(ZipArchive zip, DateOnly made, string name, byte[] bytes)
    {
        var entry = zip.CreateEntry(name);
        // Nobody needs to know at what time somebody asked.
        entry.LastWriteTime = new(made.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        using var stream = entry.Open();
        stream.Write(bytes);
    }
}
