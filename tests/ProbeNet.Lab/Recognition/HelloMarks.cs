using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace ProbeNet.Lab.Recognition;

/// <summary>What a ClientHello offers and in which order, the way of JA3 and JA4; reserved values (RFC 8701) count as one.</summary>
static class HelloMarks
{
    const int NameExtension = 0, GroupsExtension = 10, SignaturesExtension = 13, AlpnExtension = 16, SharesExtension = 51;
    const byte HandshakeRecord = 22, ClientHello = 1;

    /// <summary>None where the bytes hold no whole hello.</summary>
    public static void Into(Marks marks, ReadOnlySpan<byte> sent)
    {
        try
        {
            if (Message(sent) is [ClientHello, ..] message)
                Read(marks, message);
        }
        catch (Exception malformed) when (malformed is IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            marks.Have("tls.malformed");
        }
    }

    // A hello may fill several records.
    static byte[] Message(ReadOnlySpan<byte> sent)
    {
        var message = new List<byte>();
        while (sent.Length >= 5 && sent[0] == HandshakeRecord)
        {
            var length = Word(sent[3..]);
            message.AddRange(sent.Slice(5, Math.Min(length, sent.Length - 5)));
            if (message.Count >= 4 && message.Count - 4 >= ((message[1] << 16) | (message[2] << 8) | message[3]))
                return [.. message];
            sent = sent[Math.Min(sent.Length, 5 + length)..];
        }
        return [];
    }

    static void Read(Marks marks, ReadOnlySpan<byte> message)
    {
        marks["tls.length"] = message.Length;
        var rest = message[(4 + 2 + 32)..];
        marks["tls.session"] = rest[0];
        rest = rest[(1 + rest[0])..];
        var ciphers = Words(rest.Slice(2, Word(rest)));
        rest = rest[(2 + Word(rest))..];
        rest = rest[(1 + rest[0])..];
        var extensions = new List<int>();
        for (rest = rest[2..]; rest.Length >= 4;)
        {
            var type = Word(rest);
            var content = rest.Slice(4, Word(rest[2..]));
            extensions.Add(Plain(type));
            Extension(marks, type, content);
            rest = rest[(4 + content.Length)..];
        }
        marks["tls.ciphers"] = ciphers.Count;
        marks["tls.extensions"] = extensions.Count;
        foreach (var cipher in ciphers)
            marks.Have(Name("tls.cipher", cipher));
        foreach (var extension in extensions)
            marks.Have(Name("tls.extension", extension));
        marks.Have($"tls.order.{Print(ciphers)}.{Print(extensions)}");
        marks.Have($"tls.set.{Print(ciphers.Order())}.{Print(extensions.Order())}");
    }

    static void Extension(Marks marks, int type, ReadOnlySpan<byte> content)
    {
        switch (type)
        {
            case NameExtension:
                marks.Have("tls.named");
                break;
            case GroupsExtension or SignaturesExtension:
                var offered = Words(content[2..]);
                marks[type == GroupsExtension ? "tls.groups" : "tls.signatures"] = offered.Count;
                marks.Have($"tls.{(type == GroupsExtension ? "groups" : "signatures")}.{Print(offered)}");
                break;
            case AlpnExtension:
                for (var rest = content[2..]; rest.Length > 0; rest = rest[(1 + rest[0])..])
                    marks.Have("tls.alpn." + Encoding.ASCII.GetString(rest.Slice(1, rest[0])));
                break;
            case SharesExtension:
                for (var rest = content[2..]; rest.Length >= 4; rest = rest[(4 + Word(rest[2..]))..])
                    marks.Have(Name("tls.share", Plain(Word(rest))));
                break;
        }
    }

    static List<int> Words(ReadOnlySpan<byte> bytes)
    {
        var words = new List<int>();
        for (; bytes.Length >= 2; bytes = bytes[2..])
            words.Add(Plain(Word(bytes)));
        return words;
    }

    static int Word(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16BigEndian(bytes);

    static int Plain(int value) => (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff) ? 0x0a0a : value;

    static string Name(string kind, int value) => string.Create(CultureInfo.InvariantCulture, $"{kind}.{value:x4}");

    static string Print(IEnumerable<int> values) => Marks.Print(Encoding.ASCII.GetBytes(string.Join(',', values)));
}
