namespace ProbeNet.Agent.Spool;

/// <summary>How far the spool's reader has come, and what became of everything before.</summary>
/// <param name="Generation">The higher of two is the newer.</param>
/// <param name="First">The first record that is not settled.</param>
/// <param name="Next">The number that the next record gets.</param>
/// <param name="Total">Measurements ever appended.</param>
/// <param name="Tally">Measurements settled, by how.</param>
/// <param name="Settled">Records from <paramref name="First"/> on that are settled already.</param>
/// <param name="LastHeads">Per tag, the head of the last record appended: it outlives the record.</param>
sealed record Bookmark(
    ulong Generation, ulong First, ulong Next, long Total, SpoolTally Tally, IReadOnlySet<ulong> Settled, IReadOnlyDictionary<ulong, byte[]> LastHeads)
{
    public static readonly Bookmark Empty = new(0, 1, 1, 0, default, new HashSet<ulong>(), new Dictionary<ulong, byte[]>());

    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Generation);
        writer.Write(First);
        writer.Write(Next);
        writer.Write(Total);
        foreach (var count in new[] { Tally.Accepted, Tally.Rejected, Tally.DroppedForSpace, Tally.DroppedForAge, Tally.DroppedForSize, Tally.DroppedAsDamaged })
            writer.Write(count);
        var bits = new byte[(Next - First + 7) / 8];
        foreach (var number in Settled)
            bits[(number - First) / 8] |= (byte)(1 << (int)((number - First) % 8));
        writer.Write(bits.Length);
        writer.Write(bits);
        writer.Write(LastHeads.Count);
        foreach (var (tag, head) in LastHeads)
        {
            writer.Write(tag);
            writer.Write((ushort)head.Length);
            writer.Write(head);
        }
        writer.Flush();
        return stream.ToArray();
    }

    /// <param name="bytes">Checked already: whoever reads them knows that they are whole.</param>
    public static Bookmark FromBytes(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        var generation = reader.ReadUInt64();
        var first = reader.ReadUInt64();
        var next = reader.ReadUInt64();
        var total = reader.ReadInt64();
        var tally = new SpoolTally(reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
        var bits = reader.ReadBytes(reader.ReadInt32());
        var settled = Enumerable.Range(0, bits.Length * 8).Where(i => (bits[i / 8] & (1 << (i % 8))) != 0).Select(i => first + (ulong)i).ToHashSet();
        var heads = new Dictionary<ulong, byte[]>();
        for (var left = reader.ReadInt32(); left > 0; left--)
            heads.Add(reader.ReadUInt64(), reader.ReadBytes(reader.ReadUInt16()));
        return new(generation, first, next, total, tally, settled, heads);
    }
}
