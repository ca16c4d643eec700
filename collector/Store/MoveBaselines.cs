using System.Text.Json;
using Npgsql;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Moves;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Store;

/// <param name="Fault">Where the chain of hashes breaks, in words; null where it holds.</param>
sealed record BaselineChain(IReadOnlyList<FrozenBaseline> Baselines, string? Fault);

/// <summary>The frozen baselines of moves, in the order in which they were frozen.</summary>
static class MoveBaselines
{
    /// <summary>All of them, every hash computed again.</summary>
    public static async Task<BaselineChain> ReadAsync(NpgsqlDataSource source, CancellationToken ct)
    {
        await using var command = source.CreateCommand("select index, cc, asn, rules, text, hash from move_baseline order by index");
        await using var reader = await command.ExecuteReaderAsync(ct);
        var baselines = new List<FrozenBaseline>();
        var previous = FrozenBaseline.NoneBefore;
        while (await reader.ReadAsync(ct))
        {
            var (index, text, hash) = (reader.GetInt64(0), reader.GetString(4), reader.GetFieldValue<byte[]>(5));
            if (index != baselines.Count || !FrozenBaseline.Hash(previous, text).AsSpan().SequenceEqual(hash) || Parse(text) is not { } baseline
                || (baseline.Cc, baseline.Asn, baseline.Rules) != (reader.GetString(1), reader.GetInt64(2), reader.GetString(3)))
                return new(baselines, $"baseline {baselines.Count} is not as it was frozen");
            baselines.Add(baseline);
            previous = hash;
        }
        return new(baselines, null);
    }

    /// <summary>Adds what is frozen to the end of the chain. One process at a time.</summary>
    public static async Task AddAsync(NpgsqlDataSource source, FrozenBaseline baseline, CancellationToken ct)
    {
        await using var connection = await source.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var (index, previous) = (0L, FrozenBaseline.NoneBefore);
        await using (var last = connection.Command("select index, hash from move_baseline order by index desc limit 1"))
        await using (var reader = await last.ExecuteReaderAsync(ct))
            if (await reader.ReadAsync(ct))
                (index, previous) = (reader.GetInt64(0) + 1, reader.GetFieldValue<byte[]>(1));
        var text = baseline.Text();
        await using var insert = connection.Command("insert into move_baseline (index, cc, asn, rules, text, hash) values ($1, $2, $3, $4, $5, $6)",
            index, baseline.Cc, baseline.Asn, baseline.Rules, text, FrozenBaseline.Hash(previous, text));
        await insert.ExecuteNonQueryAsync(ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>On how many days how many groups looked at anything from a provider, on networks that the collector observed.</summary>
    public static async Task<IReadOnlyDictionary<DateOnly, int>> WatchedAsync(NpgsqlDataSource source, string cc, long asn, CancellationToken ct)
    {
        await using var command = source.Command(
            """select day, count(distinct "group")::integer from unit_day where cc = $1 and asn = $2 and asn_source = $3 and n > 0 group by day""", cc, asn, (short)AsnSource.Bound);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var watched = new Dictionary<DateOnly, int>();
        while (await reader.ReadAsync(ct))
            watched[reader.GetFieldValue<DateOnly>(0)] = reader.GetInt32(1);
        return watched;
    }

    /// <summary>Whether all of a provider's days were judged under these versions.</summary>
    public static async Task<bool> AreOfAsync(NpgsqlDataSource source, string cc, long asn, CellWindow window, int rules, string fingerprints, CancellationToken ct)
    {
        await using var command = source.Command(
            "select not exists (select 1 from unit_day where cc = $1 and asn = $2 and day >= $3 and day < $4 and (rules_version <> $5 or fingerprints_version <> $6))",
            cc, asn, window.Since, window.Until, rules, fingerprints);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }

    static FrozenBaseline? Parse(string text)
    {
        try
        {
            return FrozenBaseline.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
