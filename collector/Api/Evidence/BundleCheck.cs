using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Google.Protobuf;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Api.Evidence;

enum Strength
{
    /// <summary>Follows from bytes and a signature.</summary>
    Proven,

    /// <summary>The collector says so, with or without its signature.</summary>
    CollectorsWord,

    /// <summary>Cannot be checked with what the bundle holds.</summary>
    Missing,

    /// <summary>Contradicts the bundle's own bytes.</summary>
    False,
}

sealed record Claim(Strength Strength, string Text);

/// <summary>Checks a bundle with nothing but its bytes.</summary>
sealed class BundleCheck
{
    const int MaximumEntry = 8 * 1024 * 1024;

    readonly Dictionary<string, byte[]> _files;
    readonly List<Claim> _claims = [];

    BundleCheck(Dictionary<string, byte[]> files) => _files = files;

    /// <param name="pinned">The identity key that the reader expects; null takes the bundle's own.</param>
    /// <exception cref="InvalidDataException">The stream is no evidence bundle.</exception>
    public static IReadOnlyList<Claim> Run(Stream bundle, VerificationKey? pinned)
    {
        var check = new BundleCheck(ReadFiles(bundle));
        try
        {
            check.Run(pinned);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidDataException($"{BundleFile.Measurement} is malformed.", e);
        }
        return check._claims;
    }

    void Run(VerificationKey? pinned)
    {
        var index = ReadIndex();
        var measurement = Parse(SealedMeasurement.Parser, BundleFile.Measurement) ?? throw new InvalidDataException($"{BundleFile.Measurement} is missing or malformed.");
        var leaf = Leaf.Hash(measurement);
        CheckMeasurement(index, measurement, leaf);
        var identity = Identity(index, pinned);
        var header = CheckSeal(index, leaf);
        CheckCertificate(index, header, identity);
        CheckReceipt(index, identity);
        CheckLog(index);
        CheckAttachments(measurement);
    }

    void CheckMeasurement(BundleIndex index, SealedMeasurement measurement, byte[] leaf)
    {
        var circumstance = Circumstance.Parser.ParseFrom(measurement.Circumstance);
        Proves(MeasurementUid.Of(circumstance.Time, leaf) == index.Uid,
            $"The identifier {index.Uid} is made of these very facts, circumstance and salts.", "The identifier belongs to other bytes.");
        Proves(Same(BundleFile.Facts, EvidenceBundle.ReadableFacts(measurement)) && Same(BundleFile.Circumstance, EvidenceBundle.ReadableCircumstance(measurement)),
            "The readable copies say what the sealed bytes say.", "A readable copy differs from the sealed bytes.");
    }

    SealHeader? CheckSeal(BundleIndex index, byte[] leaf)
    {
        if (!_files.ContainsKey(BundleFile.Seal))
        {
            Add(Strength.Missing, "The seal: links from measurements to keys are deleted after 30 days. No volunteer's signature can be checked any more; that one was checked on arrival is the collector's word.");
            return null;
        }
        if (Parse(Signed.Parser, BundleFile.Seal) is not { } seal || Read(SealHeader.Parser, seal.Statement) is not { } header
            || !VerificationKey.TryImport(header.PublicKey.Span, out var key))
        {
            Add(Strength.False, "The seal is malformed.");
            return null;
        }
        var name = Convert.ToHexStringLower(KeyId.Of(header.PublicKey.Span));
        Proves(key.Verify(SigningContext.Seal, seal), $"The key {name} signed the seal of batch {header.Sequence} over {header.Count} measurements.", $"The seal is not signed by the key {name} that it names.");
        Proves(Hex(BatchSealer.SealHash(seal)) == index.SealHash, "The seal is the one that bundle and log name.", "The seal is another than the bundle names.");
        if (index.Proof is not { } proof)
            Add(Strength.Missing, "The way from the measurement to the signed root: other measurements of the batch were withdrawn.");
        else
            Proves(proof.Count == header.Count && TryPath(proof, out var path) && MerkleTree.Verify(leaf, proof.Index, proof.Count, path, header.Root.Span),
                $"The measurement is number {proof.Index + 1} of the {proof.Count} under the signed root: the key {name} signed exactly these bytes.",
                "The measurement is not under the signed root.");
        if (index.Chain is { } chain)
            Add(Strength.CollectorsWord, chain switch
            {
                { Fork: true } => "The key signed two different histories; treat what it says with care.",
                { Gap: true } => "The batch before this one never arrived.",
                _ => "The key's batches before this one arrived without gap or fork.",
            });
        return header;
    }

    void CheckCertificate(BundleIndex index, SealHeader? header, VerificationKey? identity)
    {
        if (header is null || identity is null)
            return;
        if (Parse(Signed.Parser, BundleFile.Certificate) is not { } signed || Read(KeyCertificate.Parser, signed.Statement) is not { } certificate)
        {
            Add(Strength.False, "The key's certificate is missing or malformed.");
            return;
        }
        if (!identity.Verify(SigningContext.Certificate, signed))
            Add(Strength.False, "The key's certificate is not signed by the collector's identity key.");
        else if (certificate.PublicKey != header.PublicKey || certificate.Asn != index.Asn)
            Add(Strength.False, "The certificate is of another key or network.");
        else
            Add(Strength.CollectorsWord, $"Signed: this key belongs to AS{certificate.Asn} ({certificate.Cc}); the network is known by: {index.AsnSource}. Valid {Protos.Identifiers.Day.ToDate(certificate.IssuedDay):yyyy-MM-dd} to {Protos.Identifiers.Day.ToDate(certificate.ExpiresDay):yyyy-MM-dd}.");
    }

    void CheckReceipt(BundleIndex index, VerificationKey? identity)
    {
        if (identity is null)
            return;
        if (Parse(Signed.Parser, BundleFile.Receipt) is not { } signed || Read(Receipt.Parser, signed.Statement) is not { } receipt)
            Add(Strength.False, "The receipt is missing or malformed.");
        else if (!identity.Verify(SigningContext.Receipt, signed) || Hex(receipt.SealHash.Span) != index.SealHash)
            Add(Strength.False, "The receipt is not the collector's for this batch.");
        else
            Add(Strength.CollectorsWord, $"Signed: the batch was here on {Protos.Identifiers.Day.ToDate(receipt.Day):yyyy-MM-dd}.");
    }

    void CheckLog(BundleIndex index) => Add(index.Log is null ? Strength.Missing : Strength.CollectorsWord, index.Log is { } log
        ? $"Not signed: the batch is leaf {log.Index} of the collector's log, of {log.Day:yyyy-MM-dd}."
        : "The batch's place in the log.");

    void CheckAttachments(SealedMeasurement measurement)
    {
        var attachments = _files.Where(file => file.Key.StartsWith(BundleFile.AttachmentFolder, StringComparison.Ordinal)).ToList();
        var named = (Read(Facts.Parser, measurement.Facts)?.Tls ?? []).SelectMany(handshake => handshake.Chain).Select(hash => Hex(hash.Span)).ToHashSet(StringComparer.Ordinal);
        if (attachments.Count > 0)
            Proves(attachments.All(file => Path.GetFileNameWithoutExtension(file.Key) is var name && named.Contains(name) && Hex(SHA256.HashData(file.Value)) == name),
                $"{attachments.Count} of {named.Count} certificates that the facts name are here, byte for byte.", "An attachment is not what the facts name.");
        var controls = _files.Keys.Count(name => name.StartsWith(BundleFile.ControlFolder, StringComparison.Ordinal) && name.EndsWith(".bin", StringComparison.Ordinal));
        Add(Strength.CollectorsWord, $"What {controls} control measurements saw, and the finding under the rules that it names.");
    }

    VerificationKey? Identity(BundleIndex index, VerificationKey? pinned)
    {
        if (!VerificationKey.TryImport(FromHex(index.Identity), out var own))
        {
            Add(Strength.False, "The collector's public key is malformed.");
            return null;
        }
        if (pinned is null)
            Add(Strength.Missing, $"Whose collector it is: compare its key {index.Identity} with one you trust, or give it with --identity.");
        else if (pinned.Bytes != own.Bytes)
            Add(Strength.False, "The bundle comes from another collector than the one expected.");
        return pinned ?? own;
    }

    BundleIndex ReadIndex()
    {
        if (!_files.TryGetValue(BundleFile.Index, out var bytes))
            throw new InvalidDataException($"Not an evidence bundle: no {BundleFile.Index}.");
        try
        {
            var index = JsonSerializer.Deserialize<BundleIndex>(bytes, Json.Options);
            return index is { Format: BundleIndex.CurrentFormat, SealHash: not null, Identity: not null }
                ? index
                : throw new InvalidDataException("Not an evidence bundle that this version knows.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{BundleFile.Index} is malformed.", e);
        }
    }

    static Dictionary<string, byte[]> ReadFiles(Stream bundle)
    {
        using var zip = new ZipArchive(bundle, ZipArchiveMode.Read, leaveOpen: true);
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var entry in zip.Entries)
        {
            var bytes = new byte[MaximumEntry + 1];
            using var stream = entry.Open();
            var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            if (length > MaximumEntry || !files.TryAdd(entry.FullName, bytes[..length]))
                throw new InvalidDataException($"{entry.FullName} is too long, or there twice.");
        }
        return files;
    }

    void Proves(bool holds, string text, string contradiction) => Add(holds ? Strength.Proven : Strength.False, holds ? text : contradiction);

    void Add(Strength strength, string text) => _claims.Add(new(strength, text));

    bool Same(string file, byte[] expected) => _files.TryGetValue(file, out var bytes) && bytes.AsSpan().SequenceEqual(expected);

    T? Parse<T>(MessageParser<T> parser, string file) where T : class, IMessage<T> =>
        _files.TryGetValue(file, out var bytes) ? Read(parser, ByteString.CopyFrom(bytes)) : null;

    static T? Read<T>(MessageParser<T> parser, ByteString bytes) where T : class, IMessage<T>
    {
        try
        {
            return parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    static bool TryPath(BundleProof proof, out List<byte[]> path)
    {
        path = [.. (proof.Path ?? []).Select(FromHex)];
        return path.TrueForAll(hash => hash.Length == MerkleTree.HashSize);
    }

    static byte[] FromHex(string? text)
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

    static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
