using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Npgsql;
using ProbeNet.Agent.Identity;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.V1;

namespace ProbeNet.EndToEnd.Tests.Routes;

/// <summary>Every text and every run of bytes that the collector's store holds of some keys, each as "column value".</summary>
sealed class KeyTraces(NpgsqlDataSource store, CancellationToken ct)
{
    /// <summary>Each gives the columns of one kind of row for the keys of $1.</summary>
    static readonly string[] Rows =
    [
        "select * from agent_key where key_id = any($1)",
        "select * from key_chain where key_id = any($1)",
        "select * from batch where key_id = any($1)",
        "select log_leaf.* from log_leaf join batch using (seal_hash) where key_id = any($1)",
        "select measurement_all.* from measurement_all join batch on batch = seal_hash where key_id = any($1)",
        "select unit, \"group\", tokens, artefacts, witness from unit_day where unit in (select unit from agent_key where key_id = any($1))",
    ];

    /// <summary>What the keys' traces have all in common that nobody else's have: what joins them.</summary>
    public async Task<IReadOnlyCollection<string>> JoinAsync(IReadOnlyCollection<NetworkKey> keys)
    {
        var ids = keys.Select(key => KeyId.Of(key.PublicKey.Span)).ToArray();
        var common = await OfAsync([ids[0]]);
        foreach (var id in ids[1..])
            common.IntersectWith(await OfAsync([id]));
        await using var everybody = store.CreateCommand("select array_agg(key_id) from agent_key");
        var others = ((byte[][])(await everybody.ExecuteScalarAsync(ct))!).Where(id => !Array.Exists(ids, own => own.AsSpan().SequenceEqual(id))).ToArray();
        common.ExceptWith(await OfAsync(others));
        return common;
    }

    /// <summary>What is kept of the keys.</summary>
    public async Task<HashSet<string>> OfAsync(byte[][] keys)
    {
        HashSet<string> found = new(StringComparer.Ordinal);
        foreach (var rows in Rows)
        {
            await using var command = store.CreateCommand(rows);
            command.Parameters.Add(new() { Value = keys });
            await using var reader = await command.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
            {
                for (var column = 0; column < reader.FieldCount; column++)
                    Take(reader.GetName(column), reader.GetValue(column), found);
            }
        }
        return found;
    }

    static void Take(string name, object value, HashSet<string> found)
    {
        switch (value)
        {
            case byte[] bytes:
                found.Add($"{name} {Convert.ToHexString(bytes)}");
                Open(name, bytes, found);
                break;
            case string or Guid:
                found.Add($"{name} {value}");
                break;
            case string[] texts:
                foreach (var text in texts)
                    found.Add($"{name} {text}");
                break;
            default:
                // Numbers, days and times are no names: they are the same for many.
                break;
        }
    }

    static void Open(string name, byte[] bytes, HashSet<string> found)
    {
        switch (name)
        {
            case "details":
                var sealedOne = SealedMeasurement.Parser.ParseFrom(bytes);
                Walk(sealedOne, found);
                Walk(Facts.Parser.ParseFrom(sealedOne.Facts), found);
                Walk(Circumstance.Parser.ParseFrom(sealedOne.Circumstance), found);
                break;
            case "seal":
                var seal = Signed.Parser.ParseFrom(bytes);
                Walk(seal, found);
                Walk(SealHeader.Parser.ParseFrom(seal.Statement), found);
                break;
            case "certificate":
                var certificate = Signed.Parser.ParseFrom(bytes);
                Walk(certificate, found);
                Walk(KeyCertificate.Parser.ParseFrom(certificate.Statement), found);
                break;
        }
    }

    static void Walk(IMessage message, HashSet<string> found)
    {
        foreach (var field in message.Descriptor.Fields.InDeclarationOrder())
        {
            var value = field.Accessor.GetValue(message);
            foreach (var one in field.IsRepeated ? (IEnumerable)value : new[] { value })
                WalkValue(field, one, found);
        }
    }

    static void WalkValue(FieldDescriptor field, object? value, HashSet<string> found)
    {
        if (value is IMessage inner)
            Walk(inner, found);
        else if (value is ByteString { IsEmpty: false } bytes)
            found.Add($"{field.FullName} {Convert.ToHexString(bytes.Span)}");
        else if (value is string { Length: > 0 } text)
            found.Add($"{field.FullName} {text}");
    }
}
