using Npgsql;
using ProbeNet.Collector.Analysis.Events;

namespace ProbeNet.Collector.Store;

/// <summary>Changes of targets at providers, before they are merged.</summary>
static class EventChanges
{
    internal const string IspColumns = "asn, at_earliest, at_latest, detected_at, confirmed_at, withdrawn, mechanisms, units, withheld";

    /// <summary>Whether anything of the host's days needs a look: where nothing was ever wrong nothing changed.</summary>
    public static async Task<bool> IsEventfulAsync(NpgsqlConnection connection, string cc, string host, DateOnly since, CancellationToken ct)
    {
        await using var command = connection.Command("select exists (select from unit_day where cc = $1 and host = $2 and day >= $3 and plain_grain is null)", cc, host, since);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <param name="since">The first sight is no earlier.</param>
    public static Task<IReadOnlyList<ProviderChange>> OfHostAsync(NpgsqlConnection connection, string cc, string host, DateTimeOffset since, CancellationToken ct) =>
        ReadAsync(connection.Command($"select cc, target, kind, {IspColumns} from event_change where cc = $1 and host = $2 and at_latest >= $3 order by target, asn, at_latest, kind",
            cc, host, since.UtcDateTime), ct);

    public static Task<IReadOnlyList<ProviderChange>> OfCountryAsync(NpgsqlConnection connection, string cc, CancellationToken ct) =>
        ReadAsync(connection.Command($"select cc, target, kind, {IspColumns} from event_change where cc = $1 order by target, asn, at_latest, kind", cc), ct);

    /// <summary>Onsets in other countries of what has one here.</summary>
    public static async Task<IReadOnlyList<OnsetElsewhere>> ElsewhereAsync(NpgsqlConnection connection, string cc, CancellationToken ct)
    {
        await using var command = connection.Command(
            """
            select cc, target, at_latest from event_change
            where cc <> $1 and kind = 'onset' and target in (select target from event_change where cc = $1 and kind = 'onset')
            """, cc);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var onsets = new List<OnsetElsewhere>();
        while (await reader.ReadAsync(ct))
            onsets.Add(new(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2)));
        return onsets;
    }

    /// <summary>How many targets are watched from each provider.</summary>
    public static async Task<IReadOnlyDictionary<long, int>> WatchedAsync(NpgsqlConnection connection, string cc, CancellationToken ct)
    {
        await using var command = connection.Command("select asn, count(*)::integer from event_series where cc = $1 group by asn", cc);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var watched = new Dictionary<long, int>();
        while (await reader.ReadAsync(ct))
            watched[reader.GetInt64(0)] = reader.GetInt32(1);
        return watched;
    }

    /// <summary>Puts a host's changes from a time on in the place of those that were there.</summary>
    public static async Task ReplaceAsync(NpgsqlConnection connection, string cc, string host, DateTimeOffset since, IEnumerable<ProviderChange> changes, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("delete from event_change where cc = $1 and host = $2 and at_latest >= $3", cc, host, since.UtcDateTime);
        foreach (var change in changes)
            batch.Add(
                """
                insert into event_change (cc, host, target, kind, asn, at_earliest, at_latest, detected_at, confirmed_at, withdrawn, mechanisms, units, withheld)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
                """, [cc, host, change.Target, EventTable.Word(change.Kind), .. IspValues(change.Isp)]);
        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Notes from where a host's targets are watched.</summary>
    public static async Task ReplaceSeriesAsync(NpgsqlConnection connection, string cc, string host, DateOnly since, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.Add("delete from event_series where cc = $1 and host = $2", cc, host);
        batch.Add(
            """
            insert into event_series (cc, host, target, asn)
            select distinct cc, host, target, asn from unit_day where cc = $1 and host = $2 and day >= $3 and asn_source = $4 on conflict do nothing
            """, cc, host, since, (short)Protos.V1.AsnSource.Bound);
        await batch.ExecuteNonQueryAsync(ct);
    }

    /// <summary>In the order of <see cref="IspColumns"/>.</summary>
    internal static object?[] IspValues(EventIsp isp) =>
    [
        isp.Asn, isp.At.Earliest!.Value.UtcDateTime, isp.At.Latest.UtcDateTime, isp.DetectedAt.UtcDateTime, isp.ConfirmedAt?.UtcDateTime, isp.Withdrawn,
        isp.Mechanisms.ToArray(), isp.Units, isp.Withheld,
    ];

    internal static EventIsp ReadIsp(NpgsqlDataReader reader, int first) => new(
        reader.GetInt64(first),
        new(reader.GetFieldValue<DateTimeOffset>(first + 1), reader.GetFieldValue<DateTimeOffset>(first + 2)),
        reader.GetFieldValue<DateTimeOffset>(first + 3),
        reader.IsDBNull(first + 4) ? null : reader.GetFieldValue<DateTimeOffset>(first + 4),
        reader.GetBoolean(first + 5),
        reader.GetFieldValue<string[]>(first + 6),
        reader.GetInt32(first + 7),
        reader.IsDBNull(first + 8) ? null : reader.GetString(first + 8));

    static async Task<IReadOnlyList<ProviderChange>> ReadAsync(NpgsqlCommand command, CancellationToken ct)
    {
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync(ct);
            var changes = new List<ProviderChange>();
            while (await reader.ReadAsync(ct))
                changes.Add(new(reader.GetString(0), reader.GetString(1), EventTable.KindOf(reader.GetString(2)), ReadIsp(reader, 3)));
            return changes;
        }
    }
}
