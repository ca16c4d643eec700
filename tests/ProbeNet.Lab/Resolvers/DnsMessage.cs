using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace ProbeNet.Lab.Resolvers;

/// <summary>A query as a name server of the lab reads it (RFC 1035): one question.</summary>
sealed class DnsMessage
{
    public const int TypeA = 1, TypeAlias = 5, TypeText = 16, TypeAaaa = 28;
    const int TypeOpt = 41, ClassInternet = 1;
    public const int HeaderLength = 12;
    readonly int _questionEnd;

    DnsMessage(byte[] query, string name, int type, int questionEnd, bool edns)
    {
        Bytes = query;
        _questionEnd = questionEnd;
        Name = name;
        Type = type;
        Edns = edns;
    }

    /// <summary>As it came.</summary>
    public byte[] Bytes { get; }

    /// <summary>Lower case, without the last dot.</summary>
    public string Name { get; }

    public int Type { get; }

    bool Edns { get; }

    /// <summary>Null for what is no query.</summary>
    public static DnsMessage? Read(ReadOnlySpan<byte> query)
    {
        if (query.Length < HeaderLength + 5 || (query[2] & 0x80) != 0 || BinaryPrimitives.ReadUInt16BigEndian(query[4..]) != 1)
            return null;
        var labels = new List<string>();
        var at = HeaderLength;
        while (at < query.Length && query[at] != 0)
        {
            int length = query[at];
            if (length > 63 || at + length + 1 >= query.Length)
                return null;
            labels.Add(Encoding.ASCII.GetString(query.Slice(at + 1, length)));
            at += length + 1;
        }
        if (at + 5 > query.Length)
            return null;
        var type = BinaryPrimitives.ReadUInt16BigEndian(query[(at + 1)..]);
        var additional = BinaryPrimitives.ReadUInt16BigEndian(query[10..]);
        return new DnsMessage(query.ToArray(), string.Join('.', labels).ToLowerInvariant(), type, at + 5, additional > 0);
    }

    /// <summary>The answer to this query. No addresses of the type and no error is an answer without records.</summary>
    public byte[] Reply(DnsAnswer answer, bool authoritative)
    {
        var reply = new MemoryStream();
        reply.Write(Bytes.AsSpan(0, _questionEnd));
        var records = 0;
        var owner = HeaderLength;
        if (answer.Alias is { } alias)
        {
            var name = Encode(alias);
            owner = (int)reply.Length + 12;
            Record(reply, HeaderLength, TypeAlias, name);
            records++;
        }
        foreach (var data in Data(answer))
        {
            Record(reply, owner, Type, data);
            records++;
        }
        if (Edns)
            reply.Write([0, 0, TypeOpt, 1232 >> 8, 1232 & 0xff, 0, 0, 0, 0, 0, 0]);
        var bytes = reply.ToArray();
        bytes[2] = (byte)(0x80 | (Bytes[2] & 0x01) | (authoritative ? 0x04 : 0));
        bytes[3] = (byte)((authoritative ? 0 : 0x80) | answer.Code);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(6), (ushort)records);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(8), 0);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(10), (ushort)(Edns ? 1 : 0));
        return bytes;
    }

    /// <summary>A query for the records of <paramref name="name"/>.</summary>
    public static byte[] Query(ushort id, string name, int type = TypeA)
    {
        byte[] query = [0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. Encode(name), 0, (byte)type, 0, ClassInternet];
        BinaryPrimitives.WriteUInt16BigEndian(query, id);
        return query;
    }

    IEnumerable<byte[]> Data(DnsAnswer answer) => Type switch
    {
        TypeA => answer.Addresses.Where(address => address.AddressFamily == AddressFamily.InterNetwork).Select(address => address.GetAddressBytes()),
        TypeAaaa => answer.Addresses.Where(address => address.AddressFamily == AddressFamily.InterNetworkV6).Select(address => address.GetAddressBytes()),
        _ => [],
    };

    static void Record(MemoryStream reply, int owner, int type, byte[] data) =>
        reply.Write([(byte)(0xC0 | owner >> 8), (byte)owner, 0, (byte)type, 0, ClassInternet, 0, 0, 0, 60, (byte)(data.Length >> 8), (byte)data.Length, .. data]);

    static byte[] Encode(string name) => [.. name.Split('.').SelectMany(label => (byte[])[(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]), 0];
}
