using System.Runtime.InteropServices;

namespace ProbeNet.Agent.Spool;

/// <summary>How a record left the spool. The numbers are on disk.</summary>
enum Settlement
{
    Waiting = 0,
    Accepted = 1,
    Rejected = 2,

    /// <summary>Dropped as the oldest, for more bytes waited than may.</summary>
    DroppedForSpace = 3,

    /// <summary>Dropped because it had waited too long.</summary>
    DroppedForAge = 4,

    /// <summary>Too large to be sent in any batch.</summary>
    DroppedForSize = 5,

    /// <summary>The disk gave back something else than was written.</summary>
    DroppedAsDamaged = 6,
}

/// <summary>Measurements, not records.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct SpoolTally(long Accepted, long Rejected, long DroppedForSpace, long DroppedForAge, long DroppedForSize, long DroppedAsDamaged)
{
    public long Dropped => DroppedForSpace + DroppedForAge + DroppedForSize + DroppedAsDamaged;

    public long Settled => Accepted + Rejected + Dropped;

    public SpoolTally Add(Settlement settlement, long count) => settlement switch
    {
        Settlement.Accepted => this with { Accepted = Accepted + count },
        Settlement.Rejected => this with { Rejected = Rejected + count },
        Settlement.DroppedForSpace => this with { DroppedForSpace = DroppedForSpace + count },
        Settlement.DroppedForAge => this with { DroppedForAge = DroppedForAge + count },
        Settlement.DroppedForSize => this with { DroppedForSize = DroppedForSize + count },
        Settlement.DroppedAsDamaged => this with { DroppedAsDamaged = DroppedAsDamaged + count },
        _ => throw new ArgumentOutOfRangeException(nameof(settlement), settlement, null),
    };
}
