namespace ProbeNet.Collector.Queue;

/// <summary>The way from the intake to the writer. What it has accepted is durable.</summary>
interface IBatchQueue
{
    /// <summary>False while nothing can be accepted: no broker, or no store behind the direct way.</summary>
    bool IsAvailable { get; }

    /// <summary>
    /// Completes when the batch is durable. Slow on purpose when the other side is behind: callers wait, they do not pile up.
    /// </summary>
    /// <returns>False when the batch could not be made durable; sending it again is safe.</returns>
    Task<bool> PublishAsync(CheckedBatch batch, CancellationToken ct);

    /// <inheritdoc cref="PublishAsync(CheckedBatch, CancellationToken)"/>
    Task<bool> PublishAsync(CheckedWithdrawal withdrawal, CancellationToken ct);
}
