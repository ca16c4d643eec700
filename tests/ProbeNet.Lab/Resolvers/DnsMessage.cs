using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace ProbeNet.Lab.Resolvers;

/// <summary>As much of RFC 1035 as a name server of the lab needs: one question, answers of type A.</summary>
sealed class DnsMessage
{
    const int TypeA = 1, TypeOpt = 41, ClassInternet = 1, HeaderLength = 12;
    readonly byte[] _query;
    readonly int _questionEnd;

    DnsMessage(byte[] query, string name, int type, int questionEnd, bool edns)
    {
        _query = query;
        _questionEnd = questionEnd;
        Name = name;
        WantsAddress = type == TypeA;
        Edns = edns;
    }

    /// <summary>Lower case, without the last dot.</summary>
    public string Name { get; }

    public bool WantsAddress { get; }

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

    /// <summary>The answer to this query. No addresses and no error is an answer without records.</summary>
    public byte[] Reply(DnsAnswer answer, bool authoritative)
    {
        var addresses = WantsAddress ? answer.Addresses : [];
        var reply = new byte[_questionEnd + addresses.Count * 16 + (Edns ? 11 : 0)];
        _query.AsSpan(0, _questionEnd).CopyTo(reply);
        reply[2] = (byte)(0x80 | (_query[2] & 0x01) | (authoritative ? 0x04 : 0));
        reply[3] = (byte)((authoritative ? 0 : 0x80) | answer.Code);
        BinaryPrimitives.WriteUInt16BigEndian(reply.AsSpan(6), (ushort)addresses.Count);
        BinaryPrimitives.WriteUInt16BigEndian(reply.AsSpan(8), 0);
        BinaryPrimitives.WriteUInt16BigEndian(reply.AsSpan(10), (ushort)(Edns ? 1 : 0));
        var at = _questionEnd;
        foreach (var address in addresses)
        {
            var record = reply.AsSpan(at, 16);
            BinaryPrimitives.WriteUInt16BigEndian(record, 0xC000 | HeaderLength);
            BinaryPrimitives.WriteUInt16BigEndian(record[2..], TypeA);
            BinaryPrimitives.WriteUInt16BigEndian(record[4..], ClassInternet);
            BinaryPrimitives.WriteUInt32BigEndian(record[6..], 60);
            BinaryPrimitives.WriteUInt16BigEndian(record[10..], 4);
            address.TryWriteBytes(record[12..], out _);
            at += 16;
        }
        if (Edns)
        {
            BinaryPrimitives.WriteUInt16BigEndian(reply.AsSpan(at + 1), TypeOpt);
            BinaryPrimitives.WriteUInt16BigEndian(reply.AsSpan(at + 3), 1232);
        }
        return reply;
    }

    /// <summary>A query for the address of <paramref name="name"/>.</summary>
    public static byte[] Query(ushort id, string name)
    {
        var encoded = Encoding.ASCII.GetBytes(name);
        var query = new byte[HeaderLength + encoded.Length + 2 + 4];
        BinaryPrimitives.WriteUInt16BigEndian(query, id);
        query[2] = 1;
        query[5] = 1;
        var at = HeaderLength;
        foreach (var label in name.Split('.'))
        {
            query[at] = (byte)label.Length;
            Encoding.ASCII.GetBytes(label, query.AsSpan(at + 1));
            at += label.Length + 1;
        }
        query[at + 2] = TypeA;
        query[at + 4] = ClassInternet;
        return query;
    }

    /// <summary>A late reply to an earlier question may reach a port that was used again: only the same number and the same question count.</summary>
    public static bool Answers(ReadOnlySpan<byte> reply, ReadOnlySpan<byte> query) =>
        reply.Length >= query.Length && reply[..2].SequenceEqual(query[..2]) && reply[HeaderLength..query.Length].SequenceEqual(query[HeaderLength..]);

    /// <summary>Code and addresses of a reply whose answers all have compressed names, as those of <see cref="Reply"/>.</summary>
    public static DnsAnswer ReadReply(ReadOnlySpan<byte> reply)
    {
        var at = HeaderLength;
        while (reply[at] != 0)
            at += reply[at] + 1;
        at += 5;
        var addresses = new List<IPAddress>();
        for (var count = BinaryPrimitives.ReadUInt16BigEndian(reply[6..]); count > 0; count--, at += 16)
            addresses.Add(new IPAddress(reply.Slice(at + 12, 4)));
        return new DnsAnswer((byte)(reply[3] & 15), addresses);
    }
}
