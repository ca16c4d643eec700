using System.Collections.Concurrent;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ProbeNet.Collector.Queue;
using ProbeNet.Collector.Tests.Intake;
using ProbeNet.Protos;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using ProbeNet.Testing;
using RabbitMQ.Client;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Tests.Queue;

/// <summary>On a real RabbitMQ.</summary>
public sealed class BrokerTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_goes_through_the_broker_into_the_store_and_is_acknowledged()
    {
        await using var broker = await RabbitMqProcess.StartAsync();
        await using var collector = await RunningCollector.StartAsync("--ConnectionStrings:Queue=" + broker.ConnectionString);
        var (key, enrolled) = await TestSession.EnrolAsync(collector, await collector.InviteAsync());
        await HealthyAsync(collector, HealthStatus.Healthy);
        using var session = await TestSession.WelcomedAsync(collector, key, enrolled.Certificate);
        var sealer = new BatchSealer(key, 0, default);
        for (var number = 0; number < 8; number++)
            await session.SendAsync(new() { Batch = session.Seal(sealer.Next(25)) });
        for (var number = 0; number < 8; number++)
            Assert.Equal(ReceiptOutcome.Accepted, (await session.ReceiptAsync(collector)).Outcome);
        await Eventually.TrueAsync("200 rows are stored", async () => await collector.ReadAsync<long>("select count(*) from measurement") == 200, Patience);
        Assert.Equal(0, await collector.ReadAsync<long>("select count(*) from batch where gap or fork"));

        await session.SendAsync(new() { Withdrawal = key.Sign(SigningContext.Withdrawal, new Withdrawal { PublicKey = key.PublicKey.Bytes, ThroughSequence = 8 }) });
        Assert.True((await session.NextAsync()).Withdrawn.Durable);
        await Eventually.TrueAsync("the rows are gone", async () => await collector.ReadAsync<long>("select count(*) from measurement") == 0, Patience);
    }

    [Fact]
    public async Task Bytes_that_are_no_batch_are_parked_and_do_not_stop_the_queue()
    {
        await using var broker = await RabbitMqProcess.StartAsync();
        var sink = new RememberingSink();
        await using var collector = await StartAsync(sink, broker.ConnectionString);
        await HealthyAsync(collector, HealthStatus.Healthy);
        await using (var connection = await new ConnectionFactory { Uri = new Uri(broker.ConnectionString) }.CreateConnectionAsync(Cancel))
        await using (var channel = await connection.CreateChannelAsync(cancellationToken: Cancel))
        {
            foreach (var body in new byte[][] { [0xFF, 0xFF], [] })
            {
                await channel.BasicPublishAsync(BrokerQueue.Name, "", mandatory: true,
                    new BasicProperties { ContentType = new OpaqueSerializer().ContentType.MediaType, DeliveryMode = DeliveryModes.Persistent }, body, Cancel);
            }
        }
        Assert.True(await collector.Services.GetRequiredService<IBatchQueue>().PublishAsync(new CheckedBatch { Sequence = 7 }, Cancel));
        await Eventually.TrueAsync("all three have come", () => sink.Parked.Count == 2 && sink.Written.Count == 1, Patience);
        Assert.Equal(7u, Assert.Single(sink.Written).Sequence);
    }

    [Fact]
    public async Task A_message_is_the_batchs_bytes_and_the_queue_is_a_quorum_queue()
    {
        await using var broker = await RabbitMqProcess.StartAsync();
        var sink = new RememberingSink { Blocked = true };
        await using var collector = await StartAsync(sink, broker.ConnectionString);
        await HealthyAsync(collector, HealthStatus.Healthy);
        var batch = new CheckedBatch { Sequence = 3, Batch = ByteString.CopyFrom(new byte[10_000]) };
        Assert.True(await collector.Services.GetRequiredService<IBatchQueue>().PublishAsync(batch, Cancel));
        await Eventually.TrueAsync("the writer has it", () => sink.Offered == 1, Patience);
        // What the writer did not commit is with the next writer after a stop: nothing was acknowledged.
        await collector.App.StopAsync(Cancel);
        await using var connection = await new ConnectionFactory { Uri = new Uri(broker.ConnectionString) }.CreateConnectionAsync(Cancel);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: Cancel);
        await channel.QueueDeclareAsync(BrokerQueue.Name, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum" }, cancellationToken: Cancel);
        BasicGetResult? message = null;
        await Eventually.TrueAsync("the message is back", async () => (message = await channel.BasicGetAsync(BrokerQueue.Name, autoAck: false, Cancel)) is not null, Patience);
        Assert.Equal(new Queued { Batch = batch }, Queued.Parser.ParseFrom(message!.Body.Span));
    }

    [Fact]
    public async Task Without_a_broker_agents_are_told_to_wait_readiness_says_so_and_it_is_found_when_it_comes()
    {
        var broker = await RabbitMqProcess.StartAsync();
        await using var _ = broker;
        await broker.KillAsync();
        await using var collector = await RunningCollector.StartAsync("--ConnectionStrings:Queue=" + broker.ConnectionString, "--Collector:Queue:Patience=00:00:02");
        var (key, enrolled) = await TestSession.EnrolAsync(collector, await collector.InviteAsync());
        await HealthyAsync(collector, HealthStatus.Unhealthy);
        using (var session = await TestSession.OpenAsync(collector))
        {
            await session.SendAsync(new() { Hello = session.Hello(key, enrolled.Certificate) });
            Assert.Equal(Refusals.Unavailable, await session.RefusalAsync());
        }
        await broker.RestartAsync();
        await HealthyAsync(collector, HealthStatus.Healthy);
        using (var session = await TestSession.WelcomedAsync(collector, key, enrolled.Certificate))
        {
            await session.SendAsync(new() { Batch = session.Seal(new BatchSealer(key, 0, default).Next()) });
            Assert.Equal(ReceiptOutcome.Accepted, (await session.ReceiptAsync(collector)).Outcome);
        }
    }

    static Task<RunningCollector> StartAsync(IBatchSink sink, string broker) =>
        RunningCollector.StartAsync(services => services.AddSingleton(sink), "--ConnectionStrings:Queue=" + broker);

    static Task HealthyAsync(RunningCollector collector, HealthStatus status) => Eventually.TrueAsync(
        $"readiness is {status}", async () => (await collector.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancel)).Status == status, Patience);

    sealed class RememberingSink : IBatchSink
    {
        int _offered;

        public bool Blocked { get; init; }

        public int Offered => Volatile.Read(ref _offered);

        public ConcurrentQueue<CheckedBatch> Written { get; } = new();

        public ConcurrentQueue<string> Parked { get; } = new();

        public async Task WriteAsync(CheckedBatch batch, CancellationToken ct)
        {
            Interlocked.Increment(ref _offered);
            if (Blocked)
                await Task.Delay(Timeout.Infinite, ct);
            Written.Enqueue(batch);
        }

        public Task WithdrawAsync(CheckedWithdrawal withdrawal, CancellationToken ct) => Task.CompletedTask;

        public Task ParkAsync(ReadOnlyMemory<byte> bytes, string reason, CancellationToken ct)
        {
            Parked.Enqueue(reason);
            return Task.CompletedTask;
        }
    }
}
