using System.Buffers.Binary;
using System.Net;

namespace ProbeNet.Lab.Resolvers;

/// <summary>Reads replies of this lab's servers.</summary>
static class DnsReply
{
    /// <summary>A late reply to an earlier question may reach a port that was used again: only the same number and the same question count.</summary>
    public static bool Answers(ReadOnlySpan<byte> reply, ReadOnlySpan<byte> query)
    {
        var question = QuestionEnd(query);
        return reply.Length >= question && reply[..2].SequenceEqual(query[..2]) && reply[DnsMessage.HeaderLength..question].SequenceEqual(query[DnsMessage.HeaderLength..question]);
    }

    public static DnsAnswer Read(ReadOnlySpan<byte> reply)
    {
        var at = QuestionEnd(reply);
        var addresses = new List<IPAddress>();
        for (var count = BinaryPrimitives.ReadUInt16BigEndian(reply[6..]); count > 0; count--)
        {
            // Every owner's name is a pointer in replies of the lab.
            var type = BinaryPrimitives.ReadUInt16BigEndian(reply[(at + 2)..]);
            int length = BinaryPrimitives.ReadUInt16BigEndian(reply[(at + 10)..]);
            if (type is DnsMessage.TypeA or DnsMessage.TypeAaaa)
                addresses.Add(new IPAddress(reply.Slice(at + 12, length)));
            at += 12 + length;
        }
        return new DnsAnswer((byte)(reply[3] & 15), addresses);
    }

    static int QuestionEnd(ReadOnlySpan<byte> message)
    {
        var at = DnsMessage.HeaderLength;
        while (message[at] != 0)
            at += message[at] + 1;
        return at + 5;
    }
}
