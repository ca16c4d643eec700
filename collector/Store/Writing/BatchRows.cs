using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using ProbeNet.Collector.Queue;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Store.Writing;

/// <summary>One measurement as a row; what its batch says once stands in <see cref="BatchRows"/>.</summary>
/// <param name="ResolverAsn">0 where it was not found out.</param>
/// <param name="Details">The serialised SealedMeasurement, exactly as it came.</param>
sealed record MeasurementRow(
    DateTime Time, Guid Uid, string Cc, short Access, string List, long ListVersion, short Reason, string Input, string Target,
    string AgentVersion, long ResolverAsn, ReadOnlyMemory<byte> Details);

/// <summary>A batch, decompressed and taken apart, ready to be stored. Its rows' details lie in <paramref name="Content"/>, which goes with it.</summary>
sealed record BatchRows(
    CheckedBatch Source, byte[] SealHash, byte[] Seal, byte[] Certificate, byte[] KeyId, byte[] Unit, byte[] Group,
    IReadOnlyList<MeasurementRow> Rows, IReadOnlyList<(byte[] Hash, byte[] Bytes)> Attachments, IMemoryOwner<byte> Content) : IDisposable
{
    // What PostgreSQL's timestamps hold is more; what a clock of ours can mean is less.
    static readonly long Earliest = new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
    static readonly long Latest = new DateTimeOffset(2200, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    /// <summary>The first moment that its unit does not count for.</summary>
    public DateTime EndOfEpoch { get; } =
        Day.ToDate((Source.Certificate.Epoch + 1) * Day.PerEpoch).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);

    /// <exception cref="PoisonException">The batch cannot be stored.</exception>
    public static BatchRows Read(CheckedBatch source)
    {
        if (source.Certificate is null || source.SealHash.Length != MerkleTree.HashSize || source.Sequence is 0 or > long.MaxValue)
            throw new PoisonException("incomplete message");
        var content = Sealed.TryDecompress(source.Batch.Span) ?? throw new PoisonException("cannot decompress");
        try
        {
            return Read(source, source.Certificate, content);
        }
        catch
        {
            content.Dispose();
            throw;
        }
    }

    public void Dispose() => Content.Dispose();

    /// <exception cref="PoisonException">The batch cannot be stored.</exception>
    static BatchRows Read(CheckedBatch source, KeyCertificate certificate, IMemoryOwner<byte> content)
    {
        var bytes = content.Memory;
        var rows = new List<MeasurementRow>((int)Math.Min(source.Count, BatchSealer.MaximumCount));
        var attachments = new List<(byte[], byte[])>();
        byte[] seal = [];
        var fields = new SealedSlices(bytes.Span);
        while (fields.Read())
        {
            switch (fields.Field)
            {
                case Batch.SealFieldNumber:
                    seal = fields.Content.ToArray();
                    break;
                case Batch.MeasurementsFieldNumber:
                    rows.Add(ReadRow(bytes.Slice(fields.Offset, fields.Content.Length), certificate, rows.Count));
                    break;
                case Batch.AttachmentsFieldNumber:
                    attachments.Add((SHA256.HashData(fields.Content), fields.Content.ToArray()));
                    break;
            }
        }
        if (rows.Count == 0 || rows.Count != source.Count)
            throw new PoisonException($"{rows.Count} measurements where {source.Count} were announced");
        return new(source, source.SealHash.ToByteArray(), seal, (source.SignedCertificate ?? new()).ToByteArray(), Protos.Identifiers.KeyId.Of(certificate.PublicKey.Span),
            certificate.Unit.ToByteArray(), certificate.Group.ToByteArray(), rows, attachments, content);
    }

    static MeasurementRow ReadRow(ReadOnlyMemory<byte> details, KeyCertificate certificate, int index)
    {
        ReadOnlySpan<byte> facts = [], factsSalt = [], circumstanceBytes = [], circumstanceSalt = [];
        var fields = new SealedSlices(details.Span);
        while (fields.Read())
        {
            switch (fields.Field)
            {
                case SealedMeasurement.FactsFieldNumber:
                    facts = fields.Content;
                    break;
                case SealedMeasurement.FactsSaltFieldNumber:
                    factsSalt = fields.Content;
                    break;
                case SealedMeasurement.CircumstanceFieldNumber:
                    circumstanceBytes = fields.Content;
                    break;
                case SealedMeasurement.CircumstanceSaltFieldNumber:
                    circumstanceSalt = fields.Content;
                    break;
            }
        }
        var circumstance = ReadCircumstance(circumstanceBytes, index);
        var (input, resolver) = Read(facts, index);
        var leaf = Leaf.Hash(Leaf.FactsHash(factsSalt, facts), Leaf.CircumstanceHash(circumstanceSalt, circumstanceBytes));
        return new(
            DateTime.UnixEpoch.AddSeconds(circumstance.Time), MeasurementUid.Of(circumstance.Time, leaf),
            Text((certificate.Cc.Length > 0 ? certificate.Cc : circumstance.Cc).ToUpperInvariant(), index),
            (short)circumstance.Access, Text(circumstance.List, index), (long)circumstance.ListVersion, (short)circumstance.Reason,
            input, TargetName.Of(input), Text(circumstance.AgentVersion, index), resolver, details);
    }

    static Circumstance ReadCircumstance(ReadOnlySpan<byte> bytes, int index)
    {
        Circumstance circumstance;
        try
        {
            circumstance = Circumstance.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            throw new PoisonException($"measurement {index}: malformed circumstance");
        }
        if (circumstance.Time < Earliest || circumstance.Time >= Latest)
            throw new PoisonException($"measurement {index}: impossible time");
        // A value that a newer agent knows and we do not is kept as it is, as long as the column can hold it.
        if (circumstance.ListVersion > long.MaxValue || !FitsSmall((int)circumstance.Access) || !FitsSmall((int)circumstance.Reason))
            throw new PoisonException($"measurement {index}: value out of range");
        return circumstance;
    }

    static bool FitsSmall(int value) => value is >= 0 and <= short.MaxValue;

    static (string Input, long ResolverAsn) Read(ReadOnlySpan<byte> facts, int index)
    {
        ReadOnlySpan<byte> input = [];
        var resolver = 0L;
        var fields = new SealedSlices(facts);
        while (fields.Read())
            if (fields.Field == Facts.InputFieldNumber)
                input = fields.Content;
            else if (fields.Field == Facts.NetworkFieldNumber)
                resolver = ResolverOf(fields.Content);
        if (input.IsEmpty)
            throw new PoisonException($"measurement {index}: no input");
        return (Text(Encoding.UTF8.GetString(input), index), resolver);
    }

    static long ResolverOf(ReadOnlySpan<byte> network)
    {
        var asn = 0L;
        var fields = new SealedSlices(network);
        while (fields.Read())
            if (fields.Field == NetworkCheck.ResolverAsnFieldNumber)
                asn = (uint)fields.Number;
        return asn;
    }

    // PostgreSQL's text has no zero character.
    static string Text(string value, int index) =>
        value.Contains('\0', StringComparison.Ordinal) ? throw new PoisonException($"measurement {index}: zero character in text") : value;
}
