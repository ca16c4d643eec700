using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;
using ProbeNet.Protos;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using ProbeNet.Testing;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Tests.Intake;

/// <summary>A database or a broker that is away or full: agents are told to wait, or notice nothing, and what was accepted is there.</summary>
public sealed class OutageTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_broker_a_database_that_is_away_makes_agents_wait_and_loses_nothing()
    {
        await using var database = await PostgresProcess.StartAsync();
        await using var collector = await StartAsync(database, "--Collector:Queue:Patience=00:00:02");
        await LosesNothingAsync(collector, () => database.KillAsync(), () => database.RestartAsync());
    }

    [Fact]
    public async Task Without_a_broker_a_full_disk_makes_agents_wait_and_loses_nothing()
    {
        await using var database = await PostgresProcess.OnSmallDiskAsync(megabytes: 160);
        await using var collector = await StartAsync(database, "--Collector:Queue:Patience=00:00:02");
        await LosesNothingAsync(collector,
            () => ExecuteAsync(database, "copy (select 1) to program 'cat >/dev/null; head -c 1G /dev/zero >ballast 2>/dev/null || true'"),
            () => ExecuteAsync(database, "copy (select 1) to program 'cat >/dev/null; rm ballast'"));
    }

    [Fact]
    public async Task With_a_broker_agents_notice_neither_the_database_nor_lose_what_the_broker_took_before_it_stopped_taking()
    {
        await using var broker = await RabbitMqProcess.StartAsync();
        await using var database = await PostgresProcess.StartAsync();
        await using var collector = await StartAsync(database, "--ConnectionStrings:Queue=" + broker.ConnectionString, "--Collector:Queue:Patience=00:00:05");
        await Eventually.TrueAsync("the broker is found", async () =>
            (await collector.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel)).Status == HealthStatus.Healthy, Patience);
        var (key, enrolled) = await TestSession.EnrolAsync(collector, await collector.InviteAsync());
        var sealer = new BatchSealer(key, 0, default);

        await database.KillAsync();
        using (var session = await TestSession.WelcomedAsync(collector, key, enrolled.Certificate))
        {
            for (var number = 0; number < 20; number++)
            {
                await session.SendAsync(new() { Batch = session.Seal(sealer.Next(5)) });
                Assert.Equal(ReceiptOutcome.Accepted, (await session.ReceiptAsync(collector)).Outcome);
            }
        }

        await broker.ControlAsync("set_disk_free_limit", "1000000GB");
        var refused = sealer.Next(5);
        await ToldToWaitAsync(collector, key, enrolled, refused);

        await broker.ControlAsync("set_disk_free_limit", "1MB");
        await database.RestartAsync();
        await TakenAsync(collector, key, enrolled, refused);
        await Eventually.TrueAsync("everything is stored", async () => await CountAsync(database) == 105, Patience);
    }

    static Task<RunningCollector> StartAsync(PostgresProcess database, params string[] settings) =>
        RunningCollector.StartAsync(["--ConnectionStrings:Store=" + database.ConnectionString, .. settings]);

    static async Task LosesNothingAsync(RunningCollector collector, Func<Task> fail, Func<Task> mend)
    {
        var (key, enrolled) = await TestSession.EnrolAsync(collector, await collector.InviteAsync());
        var sealer = new BatchSealer(key, 0, default);
        await TakenAsync(collector, key, enrolled, sealer.Next(50));

        await fail();
        var refused = sealer.Next(50);
        await ToldToWaitAsync(collector, key, enrolled, refused);

        await mend();
        await TakenAsync(collector, key, enrolled, refused);
        Assert.Equal((100, 2), (await collector.ReadAsync<long>("select count(*) from measurement"), await collector.ReadAsync<long>("select count(*) from log_leaf")));
        Assert.Equal(0, await collector.ReadAsync<long>("select count(*) from parked"));
    }

    /// <summary>As an agent does it: the same batch again, in a session of its own, until it is taken.</summary>
    static async Task TakenAsync(RunningCollector collector, SigningKey key, Enrolled enrolled, Batch batch) =>
        await Eventually.TrueAsync("the batch is taken", async () => await AnswerAsync(collector, key, enrolled, batch) is null, Patience);

    static async Task ToldToWaitAsync(RunningCollector collector, SigningKey key, Enrolled enrolled, Batch batch) =>
        Assert.Equal(Refusals.Unavailable, await AnswerAsync(collector, key, enrolled, batch));

    // Null when it was accepted, else the refusal's reason.
    static async Task<string?> AnswerAsync(RunningCollector collector, SigningKey key, Enrolled enrolled, Batch batch)
    {
        using var session = await TestSession.OpenAsync(collector);
        await session.SendAsync(new() { Hello = session.Hello(key, enrolled.Certificate) });
        if (await session.NextAsync() is { Refusal: { } refused })
            return refused.Reason;
        try
        {
            await session.SendAsync(new() { Batch = session.Seal(batch) });
        }
        catch (RpcException)
        {
            // The answer is still to be read.
        }
        return await session.NextAsync() is { Refusal: { } later } ? later.Reason : null;
    }

    static async Task ExecuteAsync(PostgresProcess database, string sql)
    {
        await using var source = NpgsqlDataSource.Create(database.ConnectionString + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    static async Task<long> CountAsync(PostgresProcess database)
    {
        await using var source = NpgsqlDataSource.Create(database.ConnectionString + ";Pooling=false");
        await using var command = source.CreateCommand("select count(*) from measurement");
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }
}
