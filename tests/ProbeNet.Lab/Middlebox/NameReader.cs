using System.Buffers.Binary;
using System.Text;

namespace ProbeNet.Lab.Middlebox;

/// <summary>Finds the name in the first bytes that a client sends.</summary>
static class NameReader
{
    /// <summary>Incomplete: more bytes may show it. Otherwise the name, or null where there is none.</summary>
    public static (bool Complete, bool Tls, string? Name) Read(ReadOnlySpan<byte> sent)
    {
        if (sent.IsEmpty)
            return (false, false, null);
        return sent[0] == 22 ? Hello(sent) : Request(sent);
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

    /// <summary>RFC 8446 4.1.2 and RFC 6066 3.</summary>
    static (bool, bool, string?) Hello(ReadOnlySpan<byte> sent)
    {
        if (sent.Length < 5 || sent.Length < 5 + BinaryPrimitives.ReadUInt16BigEndian(sent[3..]))
            return (false, true, null);
        var hello = sent.Slice(5, BinaryPrimitives.ReadUInt16BigEndian(sent[3..]));
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
                    return (true, true, Encoding.ASCII.GetString(hello.Slice(at + 9, BinaryPrimitives.ReadUInt16BigEndian(hello[(at + 7)..]))).ToLowerInvariant());
                at += 4 + length;
            }
        }
        catch (Exception malformed) when (malformed is IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            // No hello that a box could read; real ones let it pass too.
        }
        return (true, true, null);
    }
}
