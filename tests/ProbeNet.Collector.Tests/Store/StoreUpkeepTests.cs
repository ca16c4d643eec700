using Npgsql;
using ProbeNet.Collector.Store;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Tests.Store;

/// <summary>Migrations and what is done every hour, on each edition of the schema.</summary>
public abstract class StoreUpkeepTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    private protected abstract StoreEdition Edition { get; }

    private protected abstract Task<TestStore> OpenAsync();

    [Fact]
    public async Task An_empty_database_gets_the_schema_and_a_second_start_changes_nothing()
    {
        await using var store = await OpenAsync();
        Assert.Equal(new(Edition, 0, Migrator.ProgramVersion), store.Schema);
        Assert.Equal(new(Edition, Migrator.ProgramVersion, Migrator.ProgramVersion), await new Migrator(store.Source).ApplyAsync(Ct));
    }

    [Fact]
    public async Task A_database_of_a_newer_schema_is_refused()
    {
        await using var store = await OpenAsync();
        await store.ReadAsync<int>("insert into schema_migration select number + 1, 'later', edition, checksum, applied from schema_migration order by number desc limit 1 returning number");
        var refused = await Assert.ThrowsAsync<StoreUnavailableException>(() => new Migrator(store.Source).ApplyAsync(Ct));
        Assert.Equal($"The database has schema {Migrator.ProgramVersion + 1}, this program knows {Migrator.ProgramVersion}. Run the newer version of probenet-collector.", refused.Message);
    }

    [Fact]
    public async Task A_migration_that_was_altered_is_refused()
    {
        await using var store = await OpenAsync();
        await store.ReadAsync<int>("update schema_migration set checksum = '\\x00' where number = 1 returning number");
        Assert.Contains("Migration 0001", (await Assert.ThrowsAsync<StoreUnavailableException>(() => new Migrator(store.Source).ApplyAsync(Ct))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Old_measurements_and_links_go_and_leaves_stay()
    {
        await using var store = await OpenAsync();
        using var key = new TestKey();
        await store.Writer.WriteAsync(key.Next(2), Ct);
        await store.Writer.WriteAsync(key.Next(1, TestKey.Noon.AddDays(-20)), Ct);
        store.Clock.Advance(TimeSpan.FromDays(31));

        Assert.Equal(3, (await store.Upkeep.RunOnceAsync(Ct)).Links);
        Assert.Equal(3, await store.CountAsync("measurement_all"));
        Assert.Equal(0, await store.CountAsync("batch"));
        Assert.Equal(0, await store.CountAsync("key_chain"));

        await store.ReadAsync<string>("insert into control_network values ('news.example', $1, 'AS64560', 9, 9, 0) returning host", DateOnly.FromDateTime(TestKey.Noon.UtcDateTime));
        await store.ReadAsync<string>("insert into stray values ('KH', $1, 'news.example', 'mark') returning host", DateOnly.FromDateTime(TestKey.Noon.UtcDateTime));
        Assert.Equal(0, (await store.Upkeep.RunOnceAsync(Ct)).Derived);

        store.Clock.Advance(TimeSpan.FromDays(380));
        var outcome = await store.Upkeep.RunOnceAsync(Ct);
        Assert.Equal((1, 1, 2), (outcome.DroppedPartitions, outcome.Late, outcome.Derived));
        Assert.Equal(0, await store.CountAsync("measurement_all"));
        Assert.Equal(2, await store.CountAsync("log_leaf"));
    }

    [Fact]
    public async Task A_day_that_is_over_gets_a_tree_head_once()
    {
        await using var store = await OpenAsync();
        using var key = new TestKey();
        var batches = Enumerable.Range(0, 5).Select(_ => key.Next(1)).ToList();
        foreach (var batch in batches)
            await store.Writer.WriteAsync(batch, Ct);
        Assert.Equal(0, (await store.Upkeep.RunOnceAsync(Ct)).TreeHeads);

        store.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, (await store.Upkeep.RunOnceAsync(Ct)).TreeHeads);
        Assert.Equal(0, (await store.Upkeep.RunOnceAsync(Ct)).TreeHeads);

        var day = Day.ToDate(Day.Of(TestKey.Noon));
        var root = MerkleTree.Root(batches.Select(batch => LogLeaf.Hash(batch.SealHash.Span, day)).ToArray());
        Assert.Equal(root, await store.ReadAsync<byte[]>("select root from tree_head where size = 5 and first_index = 0 and day = $1", day));
    }

    [Fact]
    public async Task A_row_is_found_by_its_uid_and_time_and_by_its_target()
    {
        await using var store = await OpenAsync();
        using var key = new TestKey();
        await store.Writer.WriteAsync(key.Next(2), Ct);
        var uid = await store.ReadAsync<Guid>("select uid from measurement_all where target = $1 and time >= $2 order by uid limit 1", "news.example", TestKey.Noon.UtcDateTime);
        Assert.Equal(1, await store.ReadAsync<long>("select count(*) from measurement_all where time = $1 and uid = $2", TestKey.Noon.UtcDateTime, uid));
    }
}

public sealed class StoreUpkeepOnPostgresTests : StoreUpkeepTests
{
    private protected override StoreEdition Edition => StoreEdition.Plain;

    private protected override Task<TestStore> OpenAsync() => TestStore.OnPostgresAsync();

    [Fact]
    public async Task Partitions_are_made_ahead()
    {
        await using var store = await OpenAsync();
        Assert.Equal(3, (await store.Upkeep.RunOnceAsync(TestContext.Current.CancellationToken)).Partitions);
        Assert.Equal(0, (await store.Upkeep.RunOnceAsync(TestContext.Current.CancellationToken)).Partitions);
    }

    [Fact]
    public async Task Old_partitions_go_however_the_planner_looks_for_them()
    {
        var database = new NpgsqlConnectionStringBuilder(await (await Testing.PostgresProcess.SharedAsync()).CreateDatabaseAsync())
        {
            Options = "-c enable_nestloop=off -c enable_indexscan=off -c enable_bitmapscan=off -c enable_memoize=off",
        };
        await using var store = await TestStore.OpenAsync(database.ConnectionString);
        using var key = new TestKey();
        await store.Writer.WriteAsync(key.Next(1), TestContext.Current.CancellationToken);
        store.Clock.Advance(TimeSpan.FromDays(411));
        Assert.Equal(1, (await store.Upkeep.RunOnceAsync(TestContext.Current.CancellationToken)).DroppedPartitions);
    }

    [Fact]
    public async Task Two_programs_that_start_at_once_migrate_once()
    {
        var server = await ProbeNet.Testing.PostgresProcess.SharedAsync();
        await using var source = NpgsqlDataSource.Create(await server.CreateDatabaseAsync());
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => new Migrator(source).ApplyAsync(TestContext.Current.CancellationToken)));
        Assert.Single(outcomes, outcome => outcome.From == 0);
    }
}

public sealed class StoreUpkeepOnTimescaleTests : StoreUpkeepTests
{
    private protected override StoreEdition Edition => StoreEdition.Timescale;

    private protected override Task<TestStore> OpenAsync() => TestStore.OnTimescaleAsync();

    [Fact]
    public async Task Chunks_older_than_15_days_go_to_the_columnstore_and_keep_their_bytes()
    {
        await using var store = await OpenAsync();
        using var key = new TestKey();
        await store.Writer.WriteAsync(key.Next(2), TestContext.Current.CancellationToken);
        var before = await store.ReadAsync<byte[]>("select details from measurement order by uid limit 1");
        Assert.True(await store.ReadAsync<long>(
            "select count(*) from timescaledb_information.jobs where hypertable_schema = current_schema() and proc_name = 'policy_compression'") == 1);
        var chunk = await store.ReadAsync<string>("select show_chunks::text from show_chunks('measurement') limit 1");

        await using (var convert = store.Source.CreateCommand($"call convert_to_columnstore('{chunk}')"))
            await convert.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        Assert.Equal(before, await store.ReadAsync<byte[]>("select details from measurement order by uid limit 1"));
        Assert.Equal(WriteOutcome.Stored, await store.Writer.WriteAsync(key.Next(1), TestContext.Current.CancellationToken));
        Assert.Equal(3, await store.CountAsync("measurement"));
    }
}
