using System.Collections.Frozen;
using System.Net;
using Google.Protobuf;
using Npgsql;
using ProbeNet.Collector.Fleet.Enrolment;
using ProbeNet.Collector.Fleet.Keys;
using ProbeNet.Collector.Fleet.Trust;
using ProbeNet.Collector.Rollout.Stages;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Fleet;

/// <summary>Reads the state of the fleet from the store.</summary>
sealed class FleetReader(NpgsqlDataSource store, CollectorKeyStore keys, EpochSecrets epochs, TrustTable trust)
{
    /// <exception cref="NpgsqlException">The store cannot be reached.</exception>
    public async Task<FleetState> ReadAsync(CancellationToken ct)
    {
        // First the number: a change between it and the rest is then seen as a change again.
        var revision = await FleetRevision.ReadAsync(store, ct);
        var own = await keys.EnsureAsync(ct);
        var revoked = await RevocationsAsync(ct);
        return new(
            revision,
            own,
            revoked["key"].ToFrozenSet(),
            revoked["unit"].ToFrozenSet(),
            await ListKeysAsync(ct),
            await ReleasesAsync(await epochs.GetAsync(ct), ct))
        {
            Trust = await trust.ReadAsync(ct),
            Wishes = await WishesAsync(ct),
            Due = await DueAsync(ct),
        };
    }

    async Task<IReadOnlyList<ControlWish>> WishesAsync(CancellationToken ct)
    {
        await using var command = store.CreateCommand(
            "select input, array_agg(address order by address), min(asked) from control_wish where asked > now() - interval '1 hour' group by input order by input");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var wishes = new List<ControlWish>();
        while (await reader.ReadAsync(ct))
            wishes.Add(new(reader.GetString(0), [.. reader.GetFieldValue<byte[][]>(1).Where(bytes => bytes.Length > 0).Select(bytes => new IPAddress(bytes))], reader.GetFieldValue<DateTimeOffset>(2)));
        return wishes;
    }

    async Task<IReadOnlyDictionary<(string Cc, long Asn), DateTimeOffset>> DueAsync(CancellationToken ct)
    {
        await using var command = store.CreateCommand("select cc, asn, min(due) from task_wish where wanted > 0 group by cc, asn");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var due = new Dictionary<(string Cc, long Asn), DateTimeOffset>();
        while (await reader.ReadAsync(ct))
            due[(reader.GetString(0), reader.GetInt64(1))] = reader.GetFieldValue<DateTimeOffset>(2);
        return due;
    }

    async Task<ILookup<string, ByteString>> RevocationsAsync(CancellationToken ct)
    {
        await using var command = store.CreateCommand("select kind, subject from revocation");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<(string Kind, ByteString Subject)>();
        while (await reader.ReadAsync(ct))
            rows.Add((reader.GetString(0), ByteString.CopyFrom(reader.GetFieldValue<byte[]>(1))));
        return rows.ToLookup(row => row.Kind, row => row.Subject);
    }

    async Task<IReadOnlyList<ByteString>> ListKeysAsync(CancellationToken ct)
    {
        await using var command = store.CreateCommand("select public_key from list_key order by created, public_key");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var found = new List<ByteString>();
        while (await reader.ReadAsync(ct))
            found.Add(ByteString.CopyFrom(reader.GetFieldValue<byte[]>(0)));
        return found;
    }

    // What is neither superseded nor waiting for a signature: at most two of each list and target.
    async Task<IReadOnlyList<ListRelease>> ReleasesAsync(EpochSecret epoch, CancellationToken ct)
    {
        await using var command = store.CreateCommand(
            """
            select l.list, l.version, l.target_cc, l.target_asn, l.expires, l.signed, r.stage,
                r.state, r.groups, r.agents, r.cohort_from, r.cohort_to, r.admitted_asn, r.admitted_to, r.held_cc, r.held_asn
            from list_release l join rollout r using (list, version) where r.state not in ('waiting', 'superseded') order by list, version
            """);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var releases = new List<ListRelease>();
        while (await reader.ReadAsync(ct))
        {
            releases.Add(new(
                reader.GetString(0),
                (ulong)reader.GetInt64(1),
                reader.GetFieldValue<string[]>(2).ToFrozenSet(StringComparer.OrdinalIgnoreCase),
                reader.GetFieldValue<long[]>(3).Select(asn => (uint)asn).ToFrozenSet(),
                reader.GetFieldValue<DateOnly>(4),
                SignedTestList.Parser.ParseFrom(reader.GetFieldValue<byte[]>(5)),
                SpreadRow.Read(reader, 7, (Stage)reader.GetInt16(6), epoch)));
        }
        return releases;
    }
}
