using ProbeNet.Collector.Queue;

namespace ProbeNet.Killable.Collector;

/// <summary>Windows around the writer's transaction: before it, while it runs, and between its commit and the broker's acknowledgement.</summary>
sealed class KillableSink(IBatchSink sink, KillWindow window) : IBatchSink
{
    public async Task WriteAsync(CheckedBatch batch, CancellationToken ct)
    {
        window.Reached("commit.before");
        var writing = sink.WriteAsync(batch, ct);
        window.Reached("commit.running");
        await writing;
        window.Reached("commit.after");
    }

    public Task WithdrawAsync(CheckedWithdrawal withdrawal, CancellationToken ct) => sink.WithdrawAsync(withdrawal, ct);

    public Task ParkAsync(ReadOnlyMemory<byte> bytes, string reason, CancellationToken ct) => sink.ParkAsync(bytes, reason, ct);
}
