using System.Threading.RateLimiting;
using Google.Protobuf;
using Microsoft.Extensions.Options;

namespace ProbeNet.Collector.Intake;

/// <summary>How much one key, and all enrolments together, may ask. Keys are known by their public half, never by an address.</summary>
sealed class KeyRates(IOptions<IntakeOptions> options) : IDisposable
{
    readonly PartitionedRateLimiter<ByteString> _batches = PartitionedRateLimiter.Create<ByteString, ByteString>(key =>
        RateLimitPartition.GetTokenBucketLimiter(key, _ => new()
        {
            TokenLimit = options.Value.Burst,
            TokensPerPeriod = options.Value.BatchesPerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            QueueLimit = 0,
        }));

    readonly FixedWindowRateLimiter _enrolments = new(new()
    {
        PermitLimit = options.Value.EnrolmentsPerMinute,
        Window = TimeSpan.FromMinutes(1),
        QueueLimit = 0,
    });

    public bool AllowBatch(ByteString publicKey) => _batches.AttemptAcquire(publicKey).IsAcquired;

    public bool AllowEnrolment() => _enrolments.AttemptAcquire().IsAcquired;

    public void Dispose()
    {
        _batches.Dispose();
        _enrolments.Dispose();
    }
}
