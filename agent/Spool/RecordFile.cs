using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ProbeNet.Agent.Spool;

/// <summary>Where a record's body lies in its file.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct RecordSpan(long Offset, int Length);

/// <summary>
/// A file of records, each whole or absent: little-endian uint32 length of the body, eight bytes of SHA-256 over that
/// length and the body, the body. What a crash left half written at the end is cut off when the file is opened.
/// </summary>
sealed class RecordFile : IDisposable
{
    const int HeadSize = sizeof(uint) + ChecksumSize;
    const int ChecksumSize = 8;
    const int MaximumBody = 64 * 1024 * 1024;

    readonly ISpoolFile _file;
    readonly List<RecordSpan?> _records = [];

    RecordFile(ISpoolFile file) => _file = file;

    /// <summary>In the order in which they were appended; null stands for one that was damaged later.</summary>
    public IReadOnlyList<RecordSpan?> Records => _records;

    /// <summary>Bytes that hold whole records.</summary>
    public long End { get; private set; }

    /// <param name="repair">False leaves a torn end alone: another process may be writing it.</param>
    public static RecordFile Open(ISpoolFile file, bool repair = true)
    {
        var records = new RecordFile(file);
        records.Scan();
        if (repair && file.Length > records.End)
        {
            file.SetLength(records.End);
            file.Flush();
        }
        return records;
    }

    /// <summary>On anything but <see cref="AppendResult.Appended"/> the file is as it was.</summary>
    public AppendResult Append(ReadOnlySpan<byte> body)
    {
        var bytes = new byte[HeadSize + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, body.Length);
        body.CopyTo(bytes.AsSpan(HeadSize));
        Checksum(bytes.AsSpan(0, sizeof(uint)), body).CopyTo(bytes.AsSpan(sizeof(uint)));
        try
        {
            _file.Write(bytes, End);
            _file.Flush();
        }
        catch (IOException error)
        {
            CutQuietly();
            return DiskErrors.ResultOf(error);
        }
        _records.Add(new(End + HeadSize, body.Length));
        End += bytes.Length;
        return AppendResult.Appended;
    }

    /// <returns>Null when the body was damaged since.</returns>
    public byte[]? TryRead(RecordSpan span)
    {
        var bytes = new byte[HeadSize + span.Length];
        return _file.Read(bytes, span.Offset - HeadSize) == bytes.Length && IsWhole(bytes) ? bytes[HeadSize..] : null;
    }

    public void Dispose() => _file.Dispose();

    void Scan()
    {
        var bytes = new byte[_file.Length];
        var length = _file.Read(bytes, 0);
        for (var at = 0; BodyLength(bytes.AsSpan(at, length - at)) is { } body; at += HeadSize + body)
        {
            var whole = IsWhole(bytes.AsSpan(at, HeadSize + body));
            // A damaged record is one that has a whole one behind it; without that it is a torn end.
            if (!whole && !IsFollowed(bytes.AsSpan(at + HeadSize + body, length - at - HeadSize - body)))
                return;
            _records.Add(whole ? new(at + HeadSize, body) : null);
            End = at + HeadSize + body;
        }
    }

    static bool IsFollowed(ReadOnlySpan<byte> rest) => BodyLength(rest) is { } body && IsWhole(rest[..(HeadSize + body)]);

    static int? BodyLength(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeadSize)
            return null;
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        return length is > 0 and <= MaximumBody && bytes.Length - HeadSize >= length ? length : null;
    }

    static bool IsWhole(ReadOnlySpan<byte> record) =>
        Checksum(record[..sizeof(uint)], record[HeadSize..]).AsSpan().SequenceEqual(record[sizeof(uint)..HeadSize]);

    static byte[] Checksum(ReadOnlySpan<byte> length, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(length);
        hash.AppendData(body);
        return hash.GetHashAndReset()[..ChecksumSize];
    }

    // Where this fails too, the next append overwrites what is left, and opening cuts it off.
    void CutQuietly()
    {
        try
        {
            _file.SetLength(End);
        }
        catch (IOException)
        {
            return;
        }
    }
}
