using Microsoft.Extensions.Options;
using Npgsql;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;

namespace ProbeNet.Collector.Store;

/// <summary>What was done in one round; each a count of rows, partitions or days.</summary>
sealed record UpkeepOutcome(int Partitions, int DroppedPartitions, int Late, int Links, int Tombstones, int Derived, int TreeHeads);

/// <summary>At the start: parked batches, which this version may be able to store. Once an hour: partitions ahead, retention, and the tree head of every day that is over. Leaves are never deleted.</summary>
sealed partial class StoreUpkeep(
    NpgsqlDataSource store, MeasurementWriter writer, IOptions<RetentionOptions> retention, TimeProvider time, ILogger<StoreUpkeep> logger)
    : BackgroundService
{
    static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    static readonly TimeSpan Ahead = TimeSpan.FromDays(14);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        var tried = false;
        do
        {
            try
            {
                if (!tried)
                    await ImportParkedAsync(stoppingToken);
                tried = true;
                await RunOnceAsync(stoppingToken);
            }
            catch (NpgsqlException e)
            {
                LogFailed(logger, e.SqlState ?? e.GetType().Name);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    async Task ImportParkedAsync(CancellationToken ct)
    {
        var imported = await ParkedBatches.ReimportAsync(store, writer, ct);
        if (imported.Stored > 0)
            LogImported(logger, imported.Stored, imported.Parked);
    }

    public async Task<UpkeepOutcome> RunOnceAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var today = DateOnly.FromDateTime(now);
        var oldest = DateOnly.FromDateTime(now - retention.Value.Measurements);
        var links = DateOnly.FromDateTime(now - retention.Value.Links);
        var made = await ExecuteAsync("select measurement_partitions($1, $2)", ct, today, DateOnly.FromDateTime(now + Ahead));
        var dropped = await ExecuteAsync("select measurement_drop_before($1)", ct, oldest);
        var late = await ExecuteAsync("with gone as (delete from measurement_late where time < $1 returning 1) select count(*)::integer from gone",
            ct, oldest.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc));
        // A chain's head is such a link as well, to the key's last batch. It goes with the key, whose life is no longer than 30 days.
        var unlinked = await ExecuteAsync(
            """
            with b as (delete from batch where received < $1 returning 1),
                k as (delete from key_chain where expires < $2 returning 1),
                w as (delete from withdrawal where day < $1 returning 1)
            select (select count(*) from b)::integer + (select count(*) from k)::integer + (select count(*) from w)::integer
            """, ct, links, today);
        var tombstones = await ExecuteAsync("with gone as (delete from tombstone where day < $1 returning 1) select count(*)::integer from gone", ct, oldest);
        // What was computed from measurements, and who read them, is kept no longer than they are.
        var derived = await ExecuteAsync(
            """
            with u as (delete from unit_day where day < $1 returning 1),
                f as (delete from unit_day_former where day < $1 returning 1),
                s as (delete from stray where day < $1 returning 1),
                c as (delete from control_network where day < $1 returning 1),
                a as (delete from access_log where day < $1 returning 1),
                p as (delete from row_publication where time < $1 returning 1),
                i as (delete from sign_in where expires < $2 returning 1)
            select (select count(*) from u)::integer + (select count(*) from f)::integer + (select count(*) from s)::integer + (select count(*) from c)::integer
                + (select count(*) from a)::integer + (select count(*) from p)::integer + (select count(*) from i)::integer
            """, ct, oldest, now);
        await ExecuteAsync("with gone as (delete from unit_standing where epoch < $1 returning 1) select count(*)::integer from gone", ct, (int)Day.EpochOf(Day.Of(time.GetUtcNow() - retention.Value.Measurements)));
        return new(made, dropped, late, unlinked, tombstones, derived, await AddTreeHeadsAsync(today, ct));
    }

    // Yesterday's is left for tomorrow: another writer's clock may still be in it.
    async Task<int> AddTreeHeadsAsync(DateOnly today, CancellationToken ct)
    {
        var days = new List<DateOnly>();
        await using (var open = store.CreateCommand(
            "select distinct day from log_leaf l where day < $1 and not exists (select 1 from tree_head t where t.day = l.day) order by day"))
        {
            open.Parameters.Add(new() { Value = today.AddDays(-1) });
            await using var reader = await open.ExecuteReaderAsync(ct);
            while (await reader.ReadAsync(ct))
                days.Add(reader.GetFieldValue<DateOnly>(0));
        }
        foreach (var day in days)
            await AddTreeHeadAsync(day, ct);
        return days.Count;
    }

    async Task AddTreeHeadAsync(DateOnly day, CancellationToken ct)
    {
        var (first, leaves) = await new LogQueries(store).LeavesAsync(day, ct);
        await using var add = store.CreateCommand("insert into tree_head (day, first_index, size, root) values ($1, $2, $3, $4) on conflict do nothing");
        foreach (var value in new object[] { day, first, (long)leaves.Length, MerkleTree.Root(leaves) })
            add.Parameters.Add(new() { Value = value });
        await add.ExecuteNonQueryAsync(ct);
    }

    async Task<int> ExecuteAsync(string sql, CancellationToken ct, params object[] values)
    {
        await using var command = store.CreateCommand(sql);
        command.CommandTimeout = 0;
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return (int)(await command.ExecuteScalarAsync(ct))!;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Stored} parked batches are stored now, {Parked} still cannot be")]
    static partial void LogImported(ILogger logger, int stored, int parked);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Upkeep of the store failed ({Reason}); it is tried again within the hour")]
    static partial void LogFailed(ILogger logger, string reason);
}
