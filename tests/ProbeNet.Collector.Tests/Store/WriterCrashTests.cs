using ProbeNet.Collector.Queue;
using ProbeNet.Collector.Store;
using ProbeNet.Testing;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Tests.Store;

/// <summary>Exactly once, over writers that compete and a database that dies. PostgreSQL alone: it needs real concurrency.</summary>
public sealed class WriterCrashTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Writers_that_compete_for_the_same_batches_store_each_once()
    {
        await using var store = await TestStore.OnPostgresAsync();
        var second = store.CreateWriter();
        await second.StartAsync(Ct);
        var keys = Enumerable.Range(0, 4).Select(_ => new TestKey()).ToList();
        var batches = Enumerable.Range(0, 15).SelectMany(_ => keys.Select(key => key.Next(20))).ToList();
        var order = new Random(7);

        var outcomes = await Task.WhenAll(batches.Concat(batches).Concat(batches).OrderBy(_ => order.Next())
            .Select((batch, i) => (i % 2 == 0 ? store.Writer : second).WriteAsync(batch, Ct)));

        Assert.DoesNotContain(WriteOutcome.Parked, outcomes);
        Assert.Equal(1200, await store.CountAsync("measurement"));
        Assert.Equal(60, await store.ReadAsync<long>("select max(index) + 1 from log_leaf"));
        Assert.Equal(0, await store.ReadAsync<long>("select count(*) from batch where gap or fork"));
        await second.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_database_killed_in_the_middle_of_transactions_loses_and_repeats_nothing()
    {
        await using var server = await PostgresProcess.StartAsync();
        await using var store = await TestStore.OpenAsync(await server.CreateDatabaseAsync());
        var writer = store.CreateWriter(TimeProvider.System);
        await writer.StartAsync(Ct);
        using var key = new TestKey();
        var batches = Enumerable.Range(0, 200).Select(_ => key.Next(50)).ToList();
        var acknowledged = 0;

        var writes = batches.Select(async batch =>
        {
            await writer.WriteAsync(batch, Ct);
            Interlocked.Increment(ref acknowledged);
        }).ToList();
        foreach (var share in new[] { 0.1, 0.4, 0.7 })
        {
            await Eventually.TrueAsync($"{share:P0} are acknowledged", () => acknowledged >= share * batches.Count);
            await server.KillAsync();
            var before = acknowledged;
            await server.RestartAsync();
            store.Source.Clear();
            Assert.True(await store.CountAsync("log_leaf") >= before);
        }
        await Task.WhenAll(writes).WaitAsync(TimeSpan.FromMinutes(2), Ct);

        Assert.Equal(10_000, await store.CountAsync("measurement"));
        Assert.Equal(200, await store.CountAsync("log_leaf"));
        Assert.Equal(0, await store.ReadAsync<long>("select count(*) from batch where gap or fork"));
        await writer.StopAsync(CancellationToken.None);
        writer.Dispose();
    }

    [Fact]
    public async Task A_writer_that_stops_acknowledges_nothing_that_is_not_stored()
    {
        await using var store = await TestStore.OnPostgresAsync();
        using var key = new TestKey();
        await store.ReadAsync<string>("alter table log_leaf rename to log_leaf_away; select 'gone'");
        var waiting = ((IBatchSink)store.Writer).WriteAsync(key.Next(), Ct);
        await store.Writer.StopAsync(CancellationToken.None);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(0, await store.CountAsync("measurement"));
    }
}
