using System.Collections.Concurrent;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using ProbeNet.Collector.Queue;
using ProbeNet.Protos;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using ProbeNet.Testing;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Tests.Intake;

/// <summary>More than the collector takes: from one key, and from all together while what is behind it stands still.</summary>
public sealed class PressureTests
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task A_key_that_sends_too_much_is_refused_and_another_is_served()
    {
        await using var collector = await RunningCollector.StartAsync("--Collector:Intake:Burst=2", "--Collector:Intake:BatchesPerSecond=1");
        var (fast, enrolled) = await TestSession.EnrolAsync(collector, await collector.InviteAsync());
        using (var session = await TestSession.WelcomedAsync(collector, fast, enrolled.Certificate))
        {
            var envelope = session.Seal(new BatchSealer(fast, 0, default).Next());
            await session.SendAsync(new() { Batch = envelope });
            Assert.Equal(ReceiptOutcome.Accepted, (await session.ReceiptAsync(collector)).Outcome);
            // What a second gives back is far less than what is sent meanwhile.
            var sending = SendAsync(session, envelope, 500);
            var answer = await session.NextAsync();
            while (answer.MessageCase == CollectorMessage.MessageOneofCase.Receipt)
                answer = await session.NextAsync();
            Assert.Equal((CollectorMessage.MessageOneofCase.Refusal, Refusals.Rate), (answer.MessageCase, answer.Refusal.Reason));
            Assert.NotEmpty(answer.Refusal.Remedy);
            await sending;
        }
        var (calm, other) = await TestSession.EnrolAsync(collector, await collector.InviteAsync());
        using (var session = await TestSession.WelcomedAsync(collector, calm, other.Certificate))
        {
            await session.SendAsync(new() { Batch = session.Seal(new BatchSealer(calm, 0, default).Next()) });
            Assert.Equal(ReceiptOutcome.Accepted, (await session.ReceiptAsync(collector)).Outcome);
        }
        Assert.Equal(4, await collector.ReadAsync<long>("select count(*) from measurement"));
    }

    [Fact]
    public async Task While_the_store_stands_still_streams_wait_and_no_more_is_held_than_was_said()
    {
        const int inFlight = 4, sessions = 3, batches = 200;
        var sink = new StandingSink();
        await using var collector = await RunningCollector.StartAsync(
            services => services.AddSingleton<IBatchSink>(sink), $"--Collector:Intake:InFlight={inFlight}", "--Collector:Queue:Patience=01:00:00");
        var streams = await Task.WhenAll(Enumerable.Range(0, sessions).Select(_ => DeliverAsync(collector, batches)));
        // 200 batches of 16 KiB do not fit between the two ends of a stream: who sends waits.
        await Eventually.TrueAsync("all places are taken", () => sink.Held == inFlight, Patience);
        Assert.All(streams, stream => Assert.False(stream.IsCompleted));

        sink.Release();
        await Task.WhenAll(streams);
        Assert.Equal((inFlight, sessions * batches), (sink.MostHeld, sink.Taken));
    }

    // Welcomed first, then a task that ends when every batch has its receipt.
    static async Task<Task> DeliverAsync(RunningCollector collector, int batches)
    {
        var (key, enrolled) = await TestSession.EnrolAsync(collector, await collector.InviteAsync());
        var session = await TestSession.WelcomedAsync(collector, key, enrolled.Certificate);
        return AllAsync();

        async Task AllAsync()
        {
            using (session)
            {
                var sending = SendAsync(session, session.Seal(new BatchSealer(key, 0, default).Next()), batches);
                for (var number = 0; number < batches; number++)
                    Assert.Equal(ReceiptOutcome.Accepted, (await session.ReceiptAsync(collector)).Outcome);
                await sending;
            }
        }
    }

    static async Task SendAsync(TestSession session, Envelope envelope, int times)
    {
        try
        {
            for (var number = 0; number < times; number++)
                await session.SendAsync(new() { Batch = envelope });
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // The collector has ended the stream.
        }
    }

    /// <summary>A store that takes nothing until it is released.</summary>
    sealed class StandingSink : IBatchSink
    {
        readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
        readonly ConcurrentQueue<int> _held = new();
        int _now, _taken;

        public int Held => Volatile.Read(ref _now);

        public int MostHeld => _held.Max();

        public int Taken => Volatile.Read(ref _taken);

        public void Release() => _released.SetResult();

        public async Task WriteAsync(CheckedBatch batch, CancellationToken ct)
        {
            _held.Enqueue(Interlocked.Increment(ref _now));
            await _released.Task.WaitAsync(ct);
            Interlocked.Increment(ref _taken);
            Interlocked.Decrement(ref _now);
        }

        public Task WithdrawAsync(CheckedWithdrawal withdrawal, CancellationToken ct) => Task.CompletedTask;

        public Task ParkAsync(ReadOnlyMemory<byte> bytes, string reason, CancellationToken ct) => Task.CompletedTask;
    }
}
