using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace ProbeNet.Lab.Middlebox;

/// <summary>Finds the name in the first bytes that a client sends.</summary>
static class NameReader
{
    const byte Handshake = 22;
    const int RecordHeader = 5;

    /// <summary>Incomplete: more bytes may show it. Otherwise the name, or null where there is none.</summary>
    public static (bool Complete, bool Tls, string? Name) Read(ReadOnlySpan<byte> sent)
    {
        if (sent.IsEmpty)
            return (false, false, null);
        return sent[0] == Handshake ? Hello(sent) : Request(sent);
    }

    /// <summary>Reads until the name has come, or cannot come any more.</summary>
    /// <param name="sent">What was read is put here.</param>
    /// <returns>How much that is, and the name; null where there is none.</returns>
    public static async Task<(int Length, string? Name)> ReadAsync(Stream stream, byte[] sent, CancellationToken ct)
    {
        var length = 0;
        (bool Complete, bool Tls, string? Name) read = default;
        while (!read.Complete && length < sent.Length && await stream.ReadAsync(sent.AsMemory(length), ct) is > 0 and var more)
            read = Read(sent.AsSpan(0, length += more));
        return (length, read.Name);
    }

    /// <summary>What a request in clear text asks for; empty for what is none.</summary>
    public static string Path(ReadOnlySpan<byte> sent)
    {
        var line = Encoding.ASCII.GetString(sent[..Math.Max(0, sent.IndexOf("\r\n"u8))]).Split(' ');
        return line.Length > 1 ? line[1] : "";
    }

    static (bool, bool, string?) Request(ReadOnlySpan<byte> sent)
    {
        var end = sent.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return (false, false, null);
        var host = Encoding.ASCII.GetString(sent[..end]).Split("\r\n").FirstOrDefault(line => line.StartsWith("host:", StringComparison.OrdinalIgnoreCase));
        return (true, false, host?[5..].Trim().Split(':')[0].ToLowerInvariant());
    }

    /// <summary>A hello may be cut over records as well as over packets (RFC 8446, 5.1).</summary>
    static (bool, bool, string?) Hello(ReadOnlySpan<byte> sent)
    {
        var hello = new List<byte>();
        while (sent.Length >= RecordHeader && sent[0] == Handshake && sent.Length >= RecordHeader + BinaryPrimitives.ReadUInt16BigEndian(sent[3..]))
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(sent[3..]);
            hello.AddRange(sent.Slice(RecordHeader, length));
            sent = sent[(RecordHeader + length)..];
        }
        return hello.Count < 4 || hello.Count < 4 + (hello[1] << 16 | hello[2] << 8 | hello[3]) ? (false, true, null) : (true, true, ServerName(CollectionsMarshal.AsSpan(hello)));
    }

    /// <summary>RFC 8446 4.1.2 and RFC 6066 3.</summary>
    static string? ServerName(ReadOnlySpan<byte> hello)
    {
        try
        {
            var at = 4 + 2 + 32;
            at += 1 + hello[at];
            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(hello[at..]);
            at += 1 + hello[at];
            for (at += 2; at + 4 <= hello.Length;)
            {
                var type = BinaryPrimitives.ReadUInt16BigEndian(hello[at..]);
                var length = BinaryPrimitives.ReadUInt16BigEndian(hello[(at + 2)..]);
                if (type == 0)
                    return Encoding.ASCII.GetString(hello.Slice(at + 9, BinaryPrimitives.ReadUInt16BigEndian(hello[(at + 7)..]))).ToLowerInvariant();
                at += 4 + length;
            }
        }
        catch (Exception malformed) when (malformed is IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            // No hello that a box could read; real ones let it pass too.
        }
        return null;
    }
}
