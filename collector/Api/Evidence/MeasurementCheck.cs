using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Api.Evidence;

/// <summary>That facts and circumstance are what the leaf was made of, and that what people read says the same.</summary>
static class MeasurementCheck
{
    /// <returns>Null where there are none.</returns>
    public static Facts? Run(BundleArchive archive, Claims claims)
    {
        var said = archive.Index.Measurement;
        if (archive.Find(BundleFile.Facts) is not { } facts || archive.Message(Facts.Parser, BundleFile.Facts) is not { } parsed)
        {
            claims.False($"{BundleFile.Facts} is no measurement's facts.");
            return null;
        }
        var leaf = Leaf.Hash(Leaf.FactsHash(BundleCheck.FromHex(said.FactsSalt), facts), BundleCheck.FromHex(said.CircumstanceHash));
        claims.Proves(Convert.ToHexStringLower(leaf) == said.Leaf, $"The leaf {said.Leaf} is made of these very facts.", "The facts, or their salt, are others than the leaf was made of.");
        claims.Proves(SameAs(archive, BundleFile.ReadableFacts, () => ReadableFacts.Facts(ByteString.CopyFrom(facts))),
            $"{BundleFile.ReadableFacts} says what the sealed bytes say.", $"{BundleFile.ReadableFacts} says something else than the sealed bytes.");
        CheckCircumstance(archive, leaf, claims);
        return parsed;
    }

    /// <summary>Whether a file is the JSON that the bytes give.</summary>
    internal static bool SameAs(BundleArchive archive, string file, Func<JsonNode> expected)
    {
        try
        {
            return archive.Find(file) is { } bytes && JsonNode.DeepEquals(JsonNode.Parse(bytes), expected());
        }
        catch (Exception e) when (e is JsonException or InvalidProtocolBufferException)
        {
            return false;
        }
    }

    static void CheckCircumstance(BundleArchive archive, byte[] leaf, Claims claims)
    {
        var said = archive.Index.Measurement;
        var bytes = archive.Find(BundleFile.Circumstance);
        if (bytes is null && said is { CircumstanceSalt: null, Uid: null })
        {
            claims.Add(Strength.Missing, $"The circumstance (time, list, reason, what the agent knew of its network) is not shown, only its hash. That it was on {said.Day:yyyy-MM-dd} is the collector's word.");
            return;
        }
        if (bytes is null || archive.Message(Circumstance.Parser, BundleFile.Circumstance) is not { } circumstance)
        {
            claims.False($"{BundleFile.Circumstance} is missing or malformed.");
            return;
        }
        var hash = Leaf.CircumstanceHash(BundleCheck.FromHex(said.CircumstanceSalt), bytes);
        claims.Proves(Convert.ToHexStringLower(hash) == said.CircumstanceHash, "The leaf is made of this very circumstance.", "The circumstance, or its salt, is another than the leaf was made of.");
        claims.Proves(IsRepresentable(circumstance.Time) && MeasurementUid.Of(circumstance.Time, leaf) == said.Uid,
            $"The identifier {said.Uid} is made of the leaf and the time.", "The identifier belongs to another measurement.");
        claims.Proves(IsRepresentable(circumstance.Time) && DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeSeconds(circumstance.Time).UtcDateTime) == said.Day,
            $"It was made on {said.Day:yyyy-MM-dd} (UTC), by the agent's own clock.", "The day is another than the circumstance says.");
        claims.Proves(SameAs(archive, BundleFile.ReadableCircumstance, () => ReadableFacts.Circumstance(ByteString.CopyFrom(bytes))),
            $"{BundleFile.ReadableCircumstance} says what the sealed bytes say.", $"{BundleFile.ReadableCircumstance} says something else than the sealed bytes.");
    }

    static bool IsRepresentable(long seconds) => seconds >= 0 && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds();
}
