using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using ProbeNet.Lab.Resolvers;

namespace ProbeNet.Lab.Recognition;

/// <summary>Marks of one conversation. Names and addresses are none: everybody goes over the same list.</summary>
static class ConversationMarks
{
    const int LastPacketsLooked = 3;

    /// <summary>`dns`, `tls`, `http` or `other`, by port.</summary>
    public static string KindOf(Conversation one) => one.Flow.DestinationPort switch
    {
        53 => "dns",
        443 => one.IsTcp ? "tls" : "other",
        80 => one.IsTcp ? "http" : "other",
        _ => "other",
    };

    public static Marks Of(Conversation one)
    {
        var marks = new Marks();
        var kind = KindOf(one);
        if (one.IsTcp)
            Opening(marks, one);
        switch (kind)
        {
            case "dns":
                Questions(marks, one);
                break;
            case "tls":
                HelloMarks.Into(marks, one.Sent);
                break;
            case "http":
                Request(marks, one.Sent);
                break;
        }
        Sizes(marks, kind, one);
        Times(marks, kind, one);
        return marks;
    }

    static void Sizes(Marks marks, string kind, Conversation one)
    {
        marks.Have($"size.{kind}");
        foreach (var (side, packets) in new[] { ("out", one.Packets.Where(packet => packet.Out)), ("in", one.Packets.Where(packet => !packet.Out)) })
        {
            var loaded = packets.Where(packet => packet.Payload > 0).Take(LastPacketsLooked).ToArray();
            marks[$"size.{kind}.{side}.packets"] = packets.Count();
            marks[$"size.{kind}.{side}.bytes"] = packets.Sum(packet => packet.Length);
            for (var number = 0; number < loaded.Length; number++)
                marks[string.Create(CultureInfo.InvariantCulture, $"size.{kind}.{side}.{number + 1}")] = loaded[number].Payload;
        }
    }

    static void Times(Marks marks, string kind, Conversation one)
    {
        marks[$"time.{kind}.lasts"] = one.End - one.Begin;
        if (one.Packets.FirstOrDefault(packet => !packet.Out) is { Length: > 0 } answer)
            marks[$"time.{kind}.answer"] = answer.At - one.Begin;
        var sent = one.Packets.Where(packet => packet.Out).Select(packet => packet.At).ToArray();
        if (sent.Length > 1)
            marks[$"time.{kind}.pause"] = sent.Zip(sent[1..], (before, after) => after - before).Max();
    }

    // RFC 9293, 3.1: what a SYN offers.
    static void Opening(Marks marks, Conversation one)
    {
        var segment = one.First.Segment;
        marks["tcp.ttl"] = one.First.Ttl;
        marks["tcp.window"] = BinaryPrimitives.ReadUInt16BigEndian(segment[14..]);
        var options = segment[20..Math.Max(20, Math.Min(segment.Length, (segment[12] >> 4) * 4))];
        var kinds = new List<byte>();
        while (options.Length > 0 && options[0] != 0)
        {
            kinds.Add(options[0]);
            var length = options[0] == 1 || options.Length < 2 ? 1 : Math.Clamp((int)options[1], 2, options.Length);
            if (options[0] == 2 && length == 4)
                marks["tcp.segment"] = BinaryPrimitives.ReadUInt16BigEndian(options[2..]);
            options = options[length..];
        }
        marks.Have("tcp.options." + string.Join('-', kinds));
        var last = one.Packets.FirstOrDefault(packet => (packet.Flags & (Conversation.Finish | Conversation.Reset)) != 0);
        if (last.Length > 0)
            marks.Have($"tcp.end.{(last.Out ? "out" : "in")}.{((last.Flags & Conversation.Reset) != 0 ? "reset" : "finish")}");
        if (one.Packets.Any(packet => packet.Out && (packet.Flags & Conversation.Reset) != 0))
            marks.Have("tcp.resets");
    }

    static void Questions(Marks marks, Conversation one)
    {
        marks["dns.questions"] = one.Questions.Count;
        if (one.Answers.Count == 0)
            marks.Have("dns.unanswered");
        foreach (var question in one.Questions.Select(bytes => DnsMessage.Read(bytes)).OfType<DnsMessage>())
        {
            marks.Have($"dns.type.{question.Type}");
            marks.Have($"dns.flags.{question.Bytes[2]:x2}{question.Bytes[3]:x2}");
            // The question is the header, the name with a length before and an empty label after it, type and class.
            var tail = question.Bytes.AsSpan(Math.Min(question.Bytes.Length, DnsMessage.HeaderLength + question.Name.Length + 2 + 4));
            marks["dns.tail"] = tail.Length;
            // RFC 6891, 6.1.2: the class of an OPT record is the size of datagram that the asker takes.
            if (tail.Length >= 11)
                marks["dns.datagram"] = BinaryPrimitives.ReadUInt16BigEndian(tail[3..]);
        }
        foreach (var answer in one.Answers.Where(bytes => bytes.Length >= DnsMessage.HeaderLength))
            marks.Have($"dns.code.{answer[3] & 15}");
    }

    static void Request(Marks marks, ReadOnlySpan<byte> sent)
    {
        var end = sent.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return;
        var lines = Encoding.ASCII.GetString(sent[..end]).Split("\r\n");
        var names = lines.Skip(1).Select(line => line.Split(':')[0]).ToArray();
        foreach (var name in names)
            marks.Have("http.header." + name);
        marks.Have("http.order." + Marks.Print(Encoding.ASCII.GetBytes(string.Join(',', names))));
        foreach (var line in lines.Skip(1).Where(line => !line.StartsWith("host:", StringComparison.OrdinalIgnoreCase)))
            marks.Have("http.line." + Marks.Print(Encoding.ASCII.GetBytes(line)));
    }
}
