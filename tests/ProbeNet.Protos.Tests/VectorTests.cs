using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using Xunit;

namespace ProbeNet.Protos.Tests;

/// <summary>
/// The published vectors (protos/vectors) are what others check their own implementation against, so they may change
/// only with the wire. PROBENET_WRITE_VECTORS=1 writes the sealing vector anew.
/// </summary>
public sealed class VectorTests
{
    static readonly string Folder = Path.Combine(Repository.Root, "protos", "vectors");

    [Fact]
    public void The_sealing_vector_is_what_this_code_computes()
    {
        var computed = SealingVector().ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";
        var file = Path.Combine(Folder, "sealing.json");
        if (Environment.GetEnvironmentVariable("PROBENET_WRITE_VECTORS") == "1")
            File.WriteAllText(file, computed);
        Assert.Equal(computed, File.ReadAllText(file));
    }

    [Fact]
    public void The_envelope_vector_opens()
    {
        var file = Path.Combine(Folder, "envelope.json");
        if (Environment.GetEnvironmentVariable("PROBENET_WRITE_VECTORS") == "1")
            File.WriteAllText(file, EnvelopeVector().ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
        var vector = JsonNode.Parse(File.ReadAllText(file))!;
        using var key = DecryptionKey.Import(Bytes(vector, "private_key"));
        var compressed = Sealed.TryOpen(Envelope.Parser.ParseFrom(Bytes(vector, "envelope")), key);
        using var content = Sealed.TryDecompress(compressed);
        Assert.Equal(Bytes(vector, "content"), content!.Memory.ToArray());
    }

    static JsonObject SealingVector()
    {
        using var key = SigningKey.Import([.. Enumerable.Range(0, 32).Select(n => (byte)n)]);
        byte next = 0;
        var measurements = Enumerable.Range(0, 3)
            .Select(n => BatchSealer.Wrap(Some.FactsOf(n), Some.CircumstanceOf(n), salt => Array.Fill(salt, next++)))
            .ToArray();
        var sealer = new BatchSealer(key, 0, default);
        var batch = sealer.Seal(measurements, []);
        Assert.Null(BatchCheck.Check(batch, out var seal));
        return new()
        {
            ["seed"] = Hex(key.Export()),
            ["public_key"] = Hex(key.PublicKey.Bytes.Span),
            ["measurements"] = new JsonArray([.. measurements.Select((m, n) => (JsonNode)new JsonObject
            {
                ["facts"] = Hex(m.Facts.Span),
                ["facts_salt"] = Hex(m.FactsSalt.Span),
                ["circumstance"] = Hex(m.Circumstance.Span),
                ["circumstance_salt"] = Hex(m.CircumstanceSalt.Span),
                ["leaf"] = Hex(seal!.Leaves[n]),
                ["path"] = new JsonArray([.. MerkleTree.Path([.. seal.Leaves], n).Select(hash => (JsonNode)Hex(hash)!)]),
                ["uid"] = MeasurementUid.Of(Some.CircumstanceOf(n).Time, seal.Leaves[n]).ToString(),
            })]),
            ["root"] = Hex(seal!.Header.Root.Span),
            ["statement"] = Hex(batch.Seal.Statement.Span),
            ["signature"] = Hex(batch.Seal.Signature.Span),
            ["seal_hash"] = Hex(seal.SealHash),
            ["batch"] = Hex(batch.ToByteArray()),
        };
    }

    static JsonObject EnvelopeVector()
    {
        using var key = DecryptionKey.Create();
        var content = Some.FactsOf(1).ToByteArray();
        return new()
        {
            ["private_key"] = Hex(key.Export()),
            ["content"] = Hex(content),
            ["envelope"] = Hex(Sealed.TrySeal(content, key.PublicKey)!.ToByteArray()),
        };
    }

    static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    static byte[] Bytes(JsonNode vector, string name) => Convert.FromHexString((string)vector[name]!);
}
