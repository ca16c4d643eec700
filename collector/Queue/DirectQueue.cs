using Microsoft.Extensions.Options;

namespace ProbeNet.Collector.Queue;

/// <summary>Collector:Queue.</summary>
sealed class QueueOptions
{
    public const string Section = "Collector:Queue";

    /// <summary>How long an intake waits for a batch to become durable before it tells the agent to keep it.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Publications that may be unconfirmed by the broker.</summary>
    public int Window { get; set; } = 32;

    /// <summary>Batches that one writer holds unacknowledged.</summary>
    public int Prefetch { get; set; } = 64;
}

/// <summary>Without a broker: durable is what the store has committed.</summary>
sealed class DirectQueue(IBatchSink sink, IOptions<QueueOptions> options, TimeProvider time) : IBatchQueue
{
    /// <summary>A store that is away is waited for, batch by batch.</summary>
    public bool IsAvailable => true;

    public Task<bool> PublishAsync(CheckedBatch batch, CancellationToken ct) => WithinPatienceAsync(token => sink.WriteAsync(batch, token), ct);

    public Task<bool> PublishAsync(CheckedWithdrawal withdrawal, CancellationToken ct) =>
        WithinPatienceAsync(token => sink.WithdrawAsync(withdrawal, token), ct);

    async Task<bool> WithinPatienceAsync(Func<CancellationToken, Task> write, CancellationToken ct)
    {
        using var patience = new CancellationTokenSource(options.Value.Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            await write(both.Token);
            return true;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return false;
        }
    }
}
