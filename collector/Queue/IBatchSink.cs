namespace ProbeNet.Collector.Queue;

enum SinkOutcome
{
    /// <summary>Committed, or known already: nothing is left to do.</summary>
    Committed,

    /// <summary>The store cannot be reached or has no room. Nothing was written; the same call may succeed later.</summary>
    Unavailable,

    /// <summary>Something in the call can never be stored. Nothing was written.</summary>
    Poison,
}

/// <summary>Where a queue ends: the store, as the queue sees it. Calls may overlap.</summary>
interface IBatchSink
{
    Task<SinkOutcome> WriteAsync(IReadOnlyList<CheckedBatch> batches, CancellationToken ct);

    Task<SinkOutcome> WithdrawAsync(CheckedWithdrawal withdrawal, CancellationToken ct);

    /// <summary>Keeps bytes that could not be stored, with the cause, so that a later version can import them.</summary>
    Task<SinkOutcome> ParkAsync(ReadOnlyMemory<byte> bytes, string reason, CancellationToken ct);
}
