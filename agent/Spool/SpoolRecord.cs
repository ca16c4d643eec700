namespace ProbeNet.Agent.Spool;

/// <summary>One record that waits.</summary>
/// <param name="Number">Rises by one a record, for ever.</param>
/// <param name="Tag">Whose it is; the spool only compares it.</param>
/// <param name="Count">Measurements in it.</param>
/// <param name="Day">Days since 1970-01-01, when it was appended.</param>
sealed record SpoolRecord(ulong Number, ulong Tag, int Count, uint Day);

/// <summary>A record as it lies on disk: fixed fields, the head, the payload.</summary>
/// <param name="Through">Measurements ever appended, with this record's.</param>
/// <param name="Settlement">Not <see cref="Settlement.Waiting"/> for what was dropped before it could be a record to send.</param>
sealed record StoredRecord(ulong Tag, int Count, uint Day, long Through, Settlement Settlement, byte[] Head, byte[] Payload)
{
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write(Tag);
        writer.Write(Count);
        writer.Write(Day);
        writer.Write(Through);
        writer.Write((byte)Settlement);
        writer.Write((ushort)Head.Length);
        writer.Write(Head);
        writer.Write(Payload);
        writer.Flush();
        return stream.ToArray();
    }

    public static StoredRecord FromBytes(byte[] bytes)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        var (tag, count, day, through, settlement) =
            (reader.ReadUInt64(), reader.ReadInt32(), reader.ReadUInt32(), reader.ReadInt64(), (Settlement)reader.ReadByte());
        var head = reader.ReadBytes(reader.ReadUInt16());
        return new(tag, count, day, through, settlement, head, bytes[(int)reader.BaseStream.Position..]);
    }
}
