using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace ProbeNet.Collector.Fleet.Lists;

/// <param name="Who">The public half of a signing key, the account that ran a command, or "collector".</param>
/// <param name="Holds">The row's hash follows from the row before it.</param>
sealed record AuditEntry(long Number, DateTimeOffset At, string Who, string List, ulong Version, string Action, string Detail, bool Holds);

/// <summary>What was done to lists. Rows are only added; each hash covers the row before it, so that a missing or altered one shows.</summary>
sealed class ListAudit(NpgsqlDataSource store, TimeProvider time)
{
    /// <summary>Who acts when nobody does.</summary>
    public const string Collector = "collector";

    public async Task AppendAsync(
        string who, string list, ulong version, string action, string detail, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken ct)
    {
        // Numbers follow each other without a gap.
        await using (var queue = new NpgsqlCommand("lock table list_audit in exclusive mode", connection, transaction))
            await queue.ExecuteNonQueryAsync(ct);
        var (number, previous) = (1L, Array.Empty<byte>());
        await using (var last = new NpgsqlCommand("select number, hash from list_audit order by number desc limit 1", connection, transaction))
        await using (var reader = await last.ExecuteReaderAsync(ct))
        {
            if (await reader.ReadAsync(ct))
                (number, previous) = (reader.GetInt64(0) + 1, reader.GetFieldValue<byte[]>(1));
        }
        // As the store gives it back.
        var at = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds());
        await using var insert = new NpgsqlCommand(
            "insert into list_audit (number, at, who, list, version, action, detail, hash) values ($1, $2, $3, $4, $5, $6, $7, $8)", connection, transaction);
        foreach (var value in new object[] { number, at, who, list, (long)version, action, detail, Hash(previous, number, at, who, list, version, action, detail) })
            insert.Parameters.Add(new() { Value = value });
        await insert.ExecuteNonQueryAsync(ct);
    }

    /// <param name="list">Null: all.</param>
    public async Task<IReadOnlyList<AuditEntry>> ReadAsync(string? list, CancellationToken ct)
    {
        await using var command = store.CreateCommand("select number, at, who, list, version, action, detail, hash from list_audit order by number");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var (entries, previous, expected) = (new List<AuditEntry>(), Array.Empty<byte>(), 1L);
        while (await reader.ReadAsync(ct))
        {
            var entry = new AuditEntry(
                reader.GetInt64(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetString(2), reader.GetString(3), (ulong)reader.GetInt64(4), reader.GetString(5),
                reader.GetString(6), false);
            var hash = reader.GetFieldValue<byte[]>(7);
            var holds = entry.Number == expected
                && Hash(previous, entry.Number, entry.At, entry.Who, entry.List, entry.Version, entry.Action, entry.Detail).AsSpan().SequenceEqual(hash);
            (previous, expected) = (hash, entry.Number + 1);
            if (list is null || entry.List == list)
                entries.Add(entry with { Holds = holds });
        }
        return entries;
    }

    // Lengths first, so that no two rows read the same.
    static byte[] Hash(byte[] previous, long number, DateTimeOffset at, params ReadOnlySpan<object> rest)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{number}|{at.ToUnixTimeMilliseconds()}"));
        foreach (var part in rest)
        {
            var value = Convert.ToString(part, CultureInfo.InvariantCulture) ?? "";
            text.Append(CultureInfo.InvariantCulture, $"|{value.Length}:{value}");
        }
        return SHA256.HashData([.. previous, .. Encoding.UTF8.GetBytes(text.ToString())]);
    }
}
