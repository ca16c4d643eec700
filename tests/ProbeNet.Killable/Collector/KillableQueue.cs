using ProbeNet.Collector.Queue;

namespace ProbeNet.Killable.Collector;

/// <summary>Windows around the moment at which the queue takes a batch: before it, while its confirm is awaited, after it and before the receipt.</summary>
sealed class KillableQueue(IBatchQueue queue, KillWindow window) : IBatchQueue
{
    public bool IsAvailable => queue.IsAvailable;

    public async Task<bool> PublishAsync(CheckedBatch batch, CancellationToken ct)
    {
        window.Reached("publish.before");
        var publishing = queue.PublishAsync(batch, ct);
        window.Reached("publish.unconfirmed");
        var durable = await publishing;
        window.Reached("publish.confirmed");
        return durable;
    }

    public Task<bool> PublishAsync(CheckedWithdrawal withdrawal, CancellationToken ct) => queue.PublishAsync(withdrawal, ct);
}
