using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ProbeNet.Agent.Spool;

/// <summary>
/// Two slots in a file of fixed length, written in turn and flushed: a write that a crash tears leaves the other slot,
/// and a disk without space takes acknowledgements still. A slot is its length, the SHA-256 of the content, the content.
/// </summary>
sealed class BookmarkFile : IDisposable
{
    public const string Name = "bookmark";

    /// <summary>Bytes of content that fit: some 400,000 records between the oldest waiting one and the newest.</summary>
    public const int Capacity = SlotSize - HeadSize;

    const int SlotSize = 64 * 1024;
    const int HeadSize = sizeof(int) + SHA256.HashSizeInBytes;

    readonly ISpoolFile _file;

    /// <exception cref="IOException">There is no room for the file.</exception>
    public BookmarkFile(ISpoolDirectory directory, bool readOnly)
    {
        _file = directory.Open(Name);
        if (readOnly || _file.Length == 2 * SlotSize)
            return;
        _file.Write(new byte[2 * SlotSize], 0);
        _file.Flush();
    }

    /// <exception cref="InvalidDataException">Both slots are damaged: the disk lost what it had confirmed.</exception>
    public Bookmark Read()
    {
        var slots = new[] { ReadSlot(0), ReadSlot(1) }.OfType<Bookmark>();
        return slots.MaxBy(slot => slot.Generation) ?? throw new InvalidDataException("The spool's bookmark is damaged in both of its slots.");
    }

    /// <exception cref="IOException">The bookmark is as it was, or as it was to become.</exception>
    public void Write(Bookmark bookmark)
    {
        var content = bookmark.ToBytes();
        var bytes = new byte[HeadSize + content.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, content.Length);
        SHA256.HashData(content).CopyTo(bytes.AsSpan(sizeof(int)));
        content.CopyTo(bytes.AsSpan(HeadSize));
        _file.Write(bytes, (long)(bookmark.Generation % 2) * SlotSize);
        _file.Flush();
    }

    public void Dispose() => _file.Dispose();

    Bookmark? ReadSlot(int slot)
    {
        var bytes = new byte[SlotSize];
        _ = _file.Read(bytes, (long)slot * SlotSize);
        if (!bytes.AsSpan().ContainsAnyExcept((byte)0))
            return Bookmark.Empty;
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (length is <= 0 or > Capacity)
            return null;
        var content = bytes[HeadSize..(HeadSize + length)];
        return SHA256.HashData(content).AsSpan().SequenceEqual(bytes.AsSpan(sizeof(int), SHA256.HashSizeInBytes)) ? Bookmark.FromBytes(content) : null;
    }
}
