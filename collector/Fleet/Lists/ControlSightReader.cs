using Google.Protobuf;
using Npgsql;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Fleet.Lists;

/// <summary>Reads from the store what controls saw of a list.</summary>
sealed class ControlSightReader(NpgsqlDataSource store, TimeProvider time)
{
    const int Days = 7;

    public async Task<ControlSights> ReadAsync(TestList list, CancellationToken ct)
    {
        var hosts = list.Entries.Select(entry => ControlSights.HostOf(entry.Input)).Distinct().ToArray();
        return new(await UnreachedAsync(hosts, ct), await ParkedAsync(hosts, ct));
    }

    async Task<HashSet<string>> UnreachedAsync(string[] hosts, CancellationToken ct)
    {
        await using var command = store.CreateCommand(
            """
            select host from control_network where host = any($1) and day > $2 and measurements > discarded
            group by host having count(distinct network) >= 2 and sum(reached) = 0
            """);
        command.Parameters.Add(new() { Value = hosts });
        command.Parameters.Add(new() { Value = Day.ToDate(Day.Of(time.GetUtcNow()) - Days) });
        var found = new HashSet<string>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            found.Add(reader.GetString(0));
        return found;
    }

    async Task<HashSet<string>> ParkedAsync(string[] hosts, CancellationToken ct)
    {
        // The newest of each host tells: whoever buys a name is there from then on.
        await using var command = store.CreateCommand(
            "select distinct on (target) target, details from measurement_all where role = $1 and target = any($2) and time > $3 order by target, time desc");
        command.Parameters.Add(new() { Value = (short)Role.Control });
        command.Parameters.Add(new() { Value = hosts });
        command.Parameters.Add(new() { Value = time.GetUtcNow() - TimeSpan.FromDays(Days) });
        var found = new HashSet<string>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            if (IsParked(reader.GetFieldValue<byte[]>(1)))
                found.Add(reader.GetString(0));
        }
        return found;
    }

    static bool IsParked(byte[] details)
    {
        try
        {
            return ParkedPage.Is(Facts.Parser.ParseFrom(SealedMeasurement.Parser.ParseFrom(details).Facts));
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }
}
