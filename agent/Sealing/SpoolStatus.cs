using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Spool;

namespace ProbeNet.Agent.Sealing;

/// <summary>What became of everything this machine measured. Accepted + rejected + dropped + waiting = produced.</summary>
/// <param name="Tally">Measurements that were settled, by how.</param>
/// <param name="Waiting">Measurements in journal and spool.</param>
/// <param name="Batches">Batches in the spool.</param>
/// <param name="Bytes">Of the spool, on disk.</param>
/// <param name="OldestDay">Day of the oldest batch that waits, days since 1970-01-01; null when none does.</param>
sealed record SpoolStatus(long Produced, SpoolTally Tally, long Waiting, int Batches, long Bytes, uint? OldestDay)
{
    /// <summary>Of the process that writes both.</summary>
    public static SpoolStatus Of(Journal journal, ChunkSpool spool)
    {
        // Read in this order: what is sealed in between is counted in the spool, never twice.
        while (true)
        {
            var (total, produced) = (spool.Total, journal.Produced);
            var status = Of(produced, spool);
            if (total == spool.Total)
                return status;
        }
    }

    /// <summary>Of a state directory that a running service may be writing.</summary>
    public static SpoolStatus Read(StateDirectory state, TimeProvider time)
    {
        using var spool = ChunkSpool.TryOpenReadOnly(SealingRegistration.SpoolDirectory(state, readOnly: true), time);
        var files = JournalFile.OpenAll(SealingRegistration.JournalDirectory(state, readOnly: true), repair: false);
        var produced = Math.Max(files.Count > 0 ? files[^1].Next - 1 : 0, spool?.Total ?? 0);
        foreach (var file in files)
            file.Dispose();
        return spool is null ? new(produced, default, produced, 0, 0, null) : Of(produced, spool);
    }

    static SpoolStatus Of(long produced, ChunkSpool spool)
    {
        var pending = spool.Pending();
        return new(produced, spool.Tally, produced - spool.Tally.Settled, pending.Count, spool.Bytes, pending.Count > 0 ? pending[0].Day : null);
    }
}
