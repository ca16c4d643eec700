using ProbeNet.Collector.Store;
using ProbeNet.Protos.Sealing;

namespace ProbeNet.Collector.Api.Evidence;

/// <summary>That the batch is in the collector's log, which only grows.</summary>
static class LogCheck
{
    public static void Run(BundleArchive archive, VerificationKey? identity, LogGrowth? later, Claims claims)
    {
        if (archive.Index.Log is not { } log)
            claims.Add(Strength.Missing, "The batch's place in the log.");
        else if (log.Head is not { } head)
            claims.Add(Strength.CollectorsWord, $"Not signed: the batch is leaf {log.Index} of the collector's log, of {log.Day:yyyy-MM-dd}. A day gets its tree head two days later; ask for the bundle again then.");
        else
            Check(archive, identity, later, log, head, claims);
    }

    static void Check(BundleArchive archive, VerificationKey? identity, LogGrowth? later, BundleLog log, BundleHead head, Claims claims)
    {
        var place = log.Index - head.FirstIndex;
        if (place < 0 || place >= head.Size || head.Size > int.MaxValue)
            claims.False("The batch's place in the log is not among the leaves of its day.");
        else
            claims.Proves(MerkleTree.Verify(LogLeaf.Hash(Sized(archive.Index.Seal.Hash), log.Day), (int)place, (int)head.Size, BundleCheck.FromHex(head.Path), BundleCheck.FromHex(head.Root)),
                $"The batch is leaf {log.Index} of the collector's log, under the tree head of {log.Day:yyyy-MM-dd} over {head.Size} batches.", "The batch is not under the tree head of its day.");
        var day = new DayHead(log.Day, head.FirstIndex, head.Size, Sized(head.Root));
        claims.Proves(MerkleTree.Verify(day.Hash(), head.Number, head.Days, BundleCheck.FromHex(head.LogPath), BundleCheck.FromHex(head.LogRoot)),
            $"That day is number {head.Number + 1} of the {head.Days} in the log of days.", "The tree head of the day is not in the log of days.");
        if (head.LastDay < log.Day)
            claims.False("The log of days ends before the batch's day.");
        var statement = new LogHead(head.Days, head.LastDay, Sized(head.LogRoot)).Statement();
        claims.Proves(identity?.Verify(SigningContext.LogHead, statement, BundleCheck.FromHex(head.Signature)) == true,
            $"The collector's key signed the log of days up to {head.LastDay:yyyy-MM-dd}: it cannot leave the batch out any more without being caught.", "The log of days is not signed by the collector's key.");
        if (later is not null)
            claims.Proves(later.Continues(head, identity),
                $"The log of {later.LastDay:yyyy-MM-dd} continues the one that the bundle names: nothing in it was changed or taken out.", "The later log does not continue the one that the bundle names: the collector changed its past, or the file is of another log.");
    }

    // Hostile text may be of any length.
    static byte[] Sized(string hex) => BundleCheck.FromHex(hex) is { Length: MerkleTree.HashSize } hash ? hash : new byte[MerkleTree.HashSize];
}
