namespace ProbeNet.Collector.Queue;

/// <summary>Where a queue ends: the store, as the queue sees it. Calls overlap; those that come together may share a transaction.</summary>
interface IBatchSink
{
    /// <summary>Completes when the batch is committed or parked, however long the store takes to come back.</summary>
    /// <exception cref="OperationCanceledException">The process stops; the batch may or may not be stored.</exception>
    Task WriteAsync(CheckedBatch batch, CancellationToken ct);

    /// <inheritdoc cref="WriteAsync"/>
    Task WithdrawAsync(CheckedWithdrawal withdrawal, CancellationToken ct);

    /// <summary>Keeps bytes that are no batch, with the cause, so that a later version can import them.</summary>
    Task ParkAsync(ReadOnlyMemory<byte> bytes, string reason, CancellationToken ct);
}
