using System.Net;
using Npgsql;

namespace ProbeNet.Collector.Store;

/// <summary>What is asked of controls. Wishes of many volunteers for one input are one; no bytes as an address mean the name alone.</summary>
static class ControlWishes
{
    // More addresses than this for one input are somebody's invention.
    const int MostAddresses = 16;

    /// <returns>True when something was new.</returns>
    public static async Task<bool> AddAsync(
        NpgsqlConnection connection, IEnumerable<(string Input, IPAddress? Address)> wishes, DateTimeOffset now, CancellationToken ct)
    {
        var some = wishes.Distinct().GroupBy(w => w.Input, StringComparer.Ordinal).SelectMany(g => g.Take(MostAddresses)).ToArray();
        if (some.Length == 0)
            return false;
        await using var command = new NpgsqlCommand(
            """
            with old as (delete from control_wish where asked < $3 - interval '2 hours')
            insert into control_wish (input, address, asked)
            select w.input, w.address, $3 from unnest($1::text[], $2::bytea[]) w(input, address)
            on conflict (input, address) do update set asked = excluded.asked where control_wish.asked <= excluded.asked - interval '30 minutes'
            """, connection);
        command.Parameters.Add(new() { Value = some.Select(w => w.Input).ToArray() });
        command.Parameters.Add(new() { Value = some.Select(w => w.Address?.GetAddressBytes() ?? []).ToArray() });
        command.Parameters.Add(new() { Value = new DateTimeOffset(now.UtcTicks / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute, TimeSpan.Zero) });
        return await command.ExecuteNonQueryAsync(ct) > 0;
    }
}
