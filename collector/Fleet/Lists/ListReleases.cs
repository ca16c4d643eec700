using System.IO.Compression;
using Google.Protobuf;
using Npgsql;
using NpgsqlTypes;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Fleet.Lists;

/// <summary>A release as the operator sees it.</summary>
sealed record ReleasedList(string List, ulong Version, int Entries, IReadOnlyList<string> TargetCc, IReadOnlyList<long> TargetAsn, DateOnly Released, DateOnly Expires, long Agents);

/// <summary>Signs and keeps the versions of lists. A version only rises.</summary>
sealed class ListReleases(NpgsqlDataSource store, TimeProvider time)
{
    // A list nobody renews stops being measured: its operator may be gone.
    const uint DaysInForce = 180;

    uint Today => Day.Of(time.GetUtcNow());

    /// <summary>Releases a draft as the list's next version.</summary>
    /// <returns>The version.</returns>
    public async Task<ulong> ReleaseAsync(TestList draft, ListTarget target, SigningKey key, CancellationToken ct)
    {
        var list = draft.Clone();
        (list.Target, list.ReleasedDay, list.ExpiresDay) = (target, Today, Today + DaysInForce);
        await using var connection = await store.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        // Two releases at once would take the same number.
        await using (var queue = new NpgsqlCommand("lock table list_release in exclusive mode", connection, transaction))
            await queue.ExecuteNonQueryAsync(ct);
        await using (var last = new NpgsqlCommand("select coalesce(max(version), 0) from list_release where list = $1", connection, transaction))
        {
            last.Parameters.Add(new() { Value = list.Name });
            list.Version = (ulong)(long)(await last.ExecuteScalarAsync(ct))! + 1;
        }
        await InsertAsync(list, Sign(list, key), connection, transaction, ct);
        await InsertEntriesAsync(list, connection, ct);
        await FleetRevision.BumpAsync(connection, transaction, ct);
        await transaction.CommitAsync(ct);
        return list.Version;
    }

    /// <returns>Null when the list was never released.</returns>
    public async Task<TestList?> LatestAsync(string name, CancellationToken ct)
    {
        await using var command = store.CreateCommand("select signed from list_release where list = $1 order by version desc limit 1");
        command.Parameters.Add(new() { Value = name });
        return await command.ExecuteScalarAsync(ct) is byte[] signed ? Open(SignedTestList.Parser.ParseFrom(signed)) : null;
    }

    /// <summary>The releases in force and how many keys have each.</summary>
    public async Task<IReadOnlyList<ReleasedList>> StatusAsync(string? name, CancellationToken ct)
    {
        await using var command = store.CreateCommand(
            """
            select list, version, entries, target_cc, target_asn, released, expires,
                (select count(*) from agent_key k where k.list = r.list and k.list_version = r.version)
            from list_release r where $1::text is null or list = $1 order by list, version
            """);
        command.Parameters.Add(new() { Value = (object?)name ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var found = new List<ReleasedList>();
        while (await reader.ReadAsync(ct))
        {
            found.Add(new(
                reader.GetString(0), (ulong)reader.GetInt64(1), reader.GetInt32(2), reader.GetFieldValue<string[]>(3), reader.GetFieldValue<long[]>(4),
                reader.GetFieldValue<DateOnly>(5), reader.GetFieldValue<DateOnly>(6), reader.GetInt64(7)));
        }
        return found;
    }

    static SignedTestList Sign(TestList list, SigningKey key)
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            list.WriteTo(gzip);
        var content = ByteString.CopyFrom(packed.ToArray());
        var signature = new ListSignature
        {
            PublicKey = key.PublicKey.Bytes,
            Signature = ByteString.CopyFrom(key.Sign(SigningContext.TestList, content.Span)),
        };
        return new() { Content = content, Signatures = { signature } };
    }

    static TestList Open(SignedTestList signed)
    {
        using var gzip = new GZipStream(new MemoryStream(signed.Content.ToByteArray()), CompressionMode.Decompress);
        return TestList.Parser.ParseFrom(gzip);
    }

    static async System.Threading.Tasks.Task InsertAsync(
        TestList list, SignedTestList signed, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken ct)
    {
        await using var insert = new NpgsqlCommand(
            "insert into list_release (list, version, signed, target_cc, target_asn, entries, released, expires) values ($1, $2, $3, $4, $5, $6, $7, $8)",
            connection, transaction);
        var values = new object[]
        {
            list.Name, (long)list.Version, signed.ToByteArray(), list.Target.Cc.ToArray(), list.Target.Asn.Select(asn => (long)asn).ToArray(), list.Entries.Count,
            Day.ToDate(list.ReleasedDay), Day.ToDate(list.ExpiresDay),
        };
        foreach (var value in values)
            insert.Parameters.Add(new() { Value = value });
        await insert.ExecuteNonQueryAsync(ct);
    }

    static async System.Threading.Tasks.Task InsertEntriesAsync(TestList list, NpgsqlConnection connection, CancellationToken ct)
    {
        await using var copy = await connection.BeginBinaryImportAsync(
            "copy list_entry (list, version, position, input, target, category_code, priority, page) from stdin (format binary)", ct);
        for (var position = 0; position < list.Entries.Count; position++)
        {
            var entry = list.Entries[position];
            await copy.StartRowAsync(ct);
            await copy.WriteAsync(list.Name, NpgsqlDbType.Text, ct);
            await copy.WriteAsync((long)list.Version, NpgsqlDbType.Bigint, ct);
            await copy.WriteAsync(position, NpgsqlDbType.Integer, ct);
            await copy.WriteAsync(entry.Input, NpgsqlDbType.Text, ct);
            // The host name as rows have it: a page's rows find their list by its input.
            await copy.WriteAsync(new Uri(entry.Input).IdnHost.TrimEnd('.').ToLowerInvariant(), NpgsqlDbType.Text, ct);
            await copy.WriteAsync(entry.CategoryCode, NpgsqlDbType.Text, ct);
            await copy.WriteAsync(entry.Priority, NpgsqlDbType.Boolean, ct);
            await copy.WriteAsync(entry.Page, NpgsqlDbType.Boolean, ct);
        }
        await copy.CompleteAsync(ct);
    }
}
