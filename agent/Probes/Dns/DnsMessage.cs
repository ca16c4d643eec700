using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Google.Protobuf;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Probes.Dns;

/// <summary>The parts of a DNS reply (RFC 1035, RFC 6891) that are evidence.</summary>
/// <param name="Flags">The second 16 bits of the header.</param>
/// <param name="Question">Name in lower case and type; null when the reply repeats no question.</param>
/// <param name="Answers">Addresses and aliases of the answer section, in its order.</param>
/// <param name="Edns">An OPT record was there.</param>
sealed record DnsMessage(ushort Id, ushort Flags, (string Name, ushort Type)? Question, IReadOnlyList<DnsAnswer> Answers, bool Edns)
{
    public const ushort TypeA = 1;
    public const ushort TypeCname = 5;
    public const ushort TypeAaaa = 28;
    public const ushort TypeHttps = 65;

    const ushort TypeOpt = 41;
    const ushort ClassInternet = 1;
    const int HeaderSize = 12;
    const int LongestName = 253;
    const int LongestLabel = 63;

    // DNS Flag Day 2020: fits an unfragmented datagram everywhere.
    const ushort UdpPayload = 1232;
    const ushort RecursionDesired = 0x0100;
    // RFC 6840, 5.7: a stub that wants to know whether the answer is authenticated sets AD itself.
    const ushort AuthenticData = 0x0020;

    // A hostile reply may promise 65,535 records.
    const int MostAnswers = 64;

    public bool IsReply => (Flags & 0x8000) != 0;

    public bool Authoritative => (Flags & 0x0400) != 0;

    public bool Truncated => (Flags & 0x0200) != 0;

    public bool Authenticated => (Flags & AuthenticData) != 0;

    public uint Rcode => Flags & 0x000Fu;

    /// <summary>True when the name can be asked for: ASCII, labels of 1 to 63 bytes, 253 at most.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName
        && Ascii.IsValid(name)
        && Array.TrueForAll(name.Split('.'), label => label.Length is > 0 and <= LongestLabel);

    /// <param name="name">An ASCII name without a final dot (<see cref="IsName"/>).</param>
    public static byte[] WriteQuery(ushort id, string name, ushort type)
    {
        var message = new byte[HeaderSize + name.Length + 2 + 4 + 11];
        var rest = message.AsSpan();
        Put(ref rest, id, RecursionDesired | AuthenticData, 1, 0, 0, 1);
        foreach (var label in name.Split('.'))
        {
            rest[0] = (byte)label.Length;
            Encoding.ASCII.GetBytes(label, rest[1..]);
            rest = rest[(1 + label.Length)..];
        }
        rest = rest[1..];
        Put(ref rest, type, ClassInternet);
        rest = rest[1..];
        Put(ref rest, TypeOpt, UdpPayload);
        return message;
    }

    /// <summary>Does not throw, whatever the bytes are.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out DnsMessage? message)
    {
        message = null;
        if (bytes.Length < HeaderSize)
            return false;
        var questions = Word(bytes, 4);
        var answers = Word(bytes, 6);
        var others = Word(bytes, 8) + Word(bytes, 10);
        var position = HeaderSize;
        (string, ushort)? question = null;
        for (var i = 0; i < questions; i++)
        {
            if (!TryName(bytes, ref position, out var name) || position + 4 > bytes.Length)
                return false;
            question ??= (name, Word(bytes, position));
            position += 4;
        }
        var found = new List<DnsAnswer>();
        var edns = false;
        for (var i = 0; i < answers + others; i++)
        {
            if (!TryRecord(bytes, ref position, out var type, out var answer))
                return false;
            edns |= type == TypeOpt;
            if (answer is not null && i < answers && found.Count < MostAnswers)
                found.Add(answer);
        }
        message = new DnsMessage(Word(bytes, 0), Word(bytes, 2), question, found, edns);
        return true;
    }

    static bool TryRecord(ReadOnlySpan<byte> bytes, ref int position, out ushort type, out DnsAnswer? answer)
    {
        (type, answer) = (0, null);
        if (!TryName(bytes, ref position, out _) || position + 10 > bytes.Length)
            return false;
        type = Word(bytes, position);
        var ttl = BinaryPrimitives.ReadUInt32BigEndian(bytes[(position + 4)..]);
        var length = Word(bytes, position + 8);
        position += 10;
        if (position + length > bytes.Length)
            return false;
        if ((type == TypeA && length == 4) || (type == TypeAaaa && length == 16))
            answer = new DnsAnswer { Address = ByteString.CopyFrom(bytes.Slice(position, length)), Ttl = ttl };
        else if (type == TypeCname)
        {
            var at = position;
            if (!TryName(bytes, ref at, out var alias))
                return false;
            answer = new DnsAnswer { Cname = alias, Ttl = ttl };
        }
        else if (type == TypeHttps && ServiceRecord.TryRead(bytes[..(position + length)], position, out var service))
            answer = new DnsAnswer { Service = service, Ttl = ttl };
        position += length;
        return true;
    }

    // Pointers must go backwards, so every chain of them ends (RFC 1035, 4.1.4).
    internal static bool TryName(ReadOnlySpan<byte> bytes, ref int position, [NotNullWhen(true)] out string? name)
    {
        name = null;
        var text = new StringBuilder();
        var at = position;
        var lowest = position;
        var jumped = false;
        while (at < bytes.Length)
        {
            var length = bytes[at];
            if (length == 0)
            {
                if (!jumped)
                    position = at + 1;
                name = text.ToString();
                return true;
            }
            if ((length & 0xC0) == 0xC0)
            {
                if (at + 2 > bytes.Length)
                    return false;
                var pointer = Word(bytes, at) & 0x3FFF;
                if (pointer >= lowest)
                    return false;
                if (!jumped)
                    position = at + 2;
                (jumped, at, lowest) = (true, pointer, pointer);
                continue;
            }
            if (length > LongestLabel || at + 1 + length > bytes.Length || text.Length + length + 1 > LongestName + 1)
                return false;
            if (text.Length > 0)
                text.Append('.');
            foreach (var letter in bytes.Slice(at + 1, length))
                text.Append(letter is > 0x20 and < 0x7F ? char.ToLowerInvariant((char)letter) : '?');
            at += 1 + length;
        }
        return false;
    }

    static ushort Word(ReadOnlySpan<byte> bytes, int position) => BinaryPrimitives.ReadUInt16BigEndian(bytes[position..]);

    static void Put(ref Span<byte> rest, params ReadOnlySpan<ushort> words)
    {
        foreach (var word in words)
        {
            BinaryPrimitives.WriteUInt16BigEndian(rest, word);
            rest = rest[2..];
        }
    }
}
