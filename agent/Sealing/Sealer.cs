using Google.Protobuf;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Spool;
using ProbeNet.Protos.Sealing;

namespace ProbeNet.Agent.Sealing;

/// <summary>
/// Turns what the journal holds into batches in the spool, in the order in which it was measured, one key a batch.
/// The next batch of a key is computed from its last one in the spool, so that a crash forks no chain.
/// </summary>
sealed class Sealer(Journal journal, ChunkSpool spool, NetworkKeys keys, StateFile<Enrollment> enrollment, StateKey stateKey)
{
    /// <summary>Journalled bytes that are sealed without waiting for more: several times what an envelope takes compressed.</summary>
    public const int FullBytes = 512 * 1024;

    const string HeadName = "seal";

    readonly Lock _lock = new();

    /// <summary>Seals everything. For when an upload is due.</summary>
    /// <returns>What the disk said at the first batch that it did not take; what is not sealed stays in the journal.</returns>
    public AppendResult SealAll() => Seal(onlyFull: false);

    /// <summary>Seals what makes full batches, and what belongs to a network that was left.</summary>
    public AppendResult SealFull() => Seal(onlyFull: true);

    /// <summary>The key's last seal; a sequence of 0 where there is none.</summary>
    public SpooledSeal LastSeal(ulong key) => spool.TryGetLastHead(key, out var head) ? ReadHead(head) : new();

    /// <exception cref="InvalidDataException">The head was not written under this state key.</exception>
    public SpooledSeal ReadHead(byte[] head) => ReadHead(stateKey, head);

    /// <exception cref="InvalidDataException">The head was not written under this state key.</exception>
    public static SpooledSeal ReadHead(StateKey stateKey, byte[] head) =>
        SpooledSeal.Parser.ParseFrom(stateKey.TryOpen(HeadName, head) ?? throw new InvalidDataException("A seal in the spool was written under another state key."));

    AppendResult Seal(bool onlyFull)
    {
        lock (_lock)
        {
            while (enrollment.Current is { } joined && NextRun() is { Count: > 0 } run && !(onlyFull && IsShort(run)))
            {
                var result = SealRun(run, joined);
                if (result != AppendResult.Appended)
                    return result;
                journal.Release(spool.Total);
            }
            return AppendResult.Appended;
        }
    }

    List<JournalEntry> NextRun()
    {
        var pending = journal.Pending;
        return [.. pending.TakeWhile(entry => entry.Key == pending[0].Key).Take(BatchSealer.MaximumCount)];
    }

    bool IsShort(List<JournalEntry> run) =>
        run.Count < BatchSealer.MaximumCount && run.Sum(entry => entry.Size) < FullBytes && run.Count == journal.Pending.Count;

    AppendResult SealRun(List<JournalEntry> run, Enrollment joined)
    {
        var records = run.Select(entry => journal.TryRead(entry.Serial)).TakeWhile(record => record is not null).OfType<JournalRecord>().ToList();
        // Counted one by one: what stands behind a damaged record is whole.
        if (records.Count == 0 || keys.Find(run[0].Key) is not { } key)
            return spool.Append(0, 1, [], [], Settlement.DroppedAsDamaged);
        var batch = BatchFit.TryFit(key.Signing, LastSeal(key.Number), records, joined.EncryptionKey.Span);
        return batch is null
            ? spool.Append(key.Number, 1, [], [], Settlement.DroppedForSize)
            : spool.Append(key.Number, batch.Count, stateKey.Seal(HeadName, batch.Seal.ToByteArray()), batch.Envelope.ToByteArray());
    }
}
