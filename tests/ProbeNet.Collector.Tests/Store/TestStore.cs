using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;
using ProbeNet.Collector.Store;
using ProbeNet.Testing;
using Xunit;

namespace ProbeNet.Collector.Tests.Store;

/// <summary>A database with the schema and a writer of its own.</summary>
sealed class TestStore : IAsyncDisposable
{
    TestStore(NpgsqlDataSource source, MigrationOutcome schema, TestClock clock)
    {
        (Source, Schema, Clock) = (source, schema, clock);
        Writer = CreateWriter();
    }

    public NpgsqlDataSource Source { get; }

    public MigrationOutcome Schema { get; }

    public TestClock Clock { get; }

    public MeasurementWriter Writer { get; }

    public StoreUpkeep Upkeep => new(Source, Writer, Options.Create(new RetentionOptions()), Clock, NullLogger<StoreUpkeep>.Instance);

    /// <summary>On the PostgreSQL that all tests share.</summary>
    public static async Task<TestStore> OnPostgresAsync(DateTimeOffset? now = null) => await OpenAsync(await (await PostgresProcess.SharedAsync()).CreateDatabaseAsync(), now);

    /// <summary>On the TimescaleDB that all tests share.</summary>
    public static async Task<TestStore> OnTimescaleAsync() => await OpenAsync(await (await PgliteProcess.SharedAsync()).CreateSchemaAsync());

    public static async Task<TestStore> OpenAsync(string connectionString, DateTimeOffset? now = null)
    {
        var source = NpgsqlDataSource.Create(connectionString);
        var schema = await new Migrator(source).ApplyAsync(TestContext.Current.CancellationToken);
        var store = new TestStore(source, schema, new TestClock(now ?? TestKey.Noon));
        await store.Writer.StartAsync(TestContext.Current.CancellationToken);
        return store;
    }

    /// <summary>A second writer on the same database, not yet started.</summary>
    public MeasurementWriter CreateWriter(TimeProvider? time = null) => new(
        Source, Options.Create(new WriterOptions { Linger = TimeSpan.FromMilliseconds(5) }), Options.Create(new RetentionOptions()), time ?? Clock,
        NullLogger<MeasurementWriter>.Instance);

    public async Task<T> ReadAsync<T>(string sql, params object[] values)
    {
        await using var command = Source.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    public Task<long> CountAsync(string table) => ReadAsync<long>($"select count(*) from {table}");

    public async ValueTask DisposeAsync()
    {
        await Writer.StopAsync(CancellationToken.None);
        Writer.Dispose();
        await Source.DisposeAsync();
    }
}
