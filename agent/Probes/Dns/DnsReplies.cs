using ProbeNet.Protos;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Probes.Dns;

/// <summary>Turns bytes that arrived for a question into an observed reply.</summary>
static class DnsReplies
{
    /// <summary>Does not throw, whatever the bytes are.</summary>
    public static DnsReply Read(ReadOnlySpan<byte> bytes, ushort id, string name, ushort type)
    {
        var reply = new DnsReply { Size = (uint)bytes.Length };
        if (!DnsMessage.TryRead(bytes, out var message))
        {
            reply.Failure = FailureCodes.DnsServerMisbehaving;
            return reply;
        }
        reply.Rcode = message.Rcode;
        reply.Authoritative = message.Authoritative;
        reply.Authenticated = message.Authenticated;
        reply.Truncated = message.Truncated;
        reply.Edns = message.Edns;
        reply.Answers.AddRange(message.Answers);
        reply.Failure = Judge(message, id, name, type);
        return reply;
    }

    /// <summary>True for a reply that a resolver library would take: the question was ours.</summary>
    public static bool IsUsable(DnsReply reply) => reply.Failure != FailureCodes.DnsServerMisbehaving;

    static bool Fits(DnsAnswer answer, ushort type) => type switch
    {
        DnsMessage.TypeA => answer.Address.Length == 4,
        DnsMessage.TypeAaaa => answer.Address.Length == 16,
        _ => answer.DataCase == DnsAnswer.DataOneofCase.Service,
    };

    static string Judge(DnsMessage message, ushort id, string name, ushort type)
    {
        if (!message.IsReply || message.Id != id)
            return FailureCodes.DnsServerMisbehaving;
        if (message.Question is { } question && (question.Type != type || !question.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            return FailureCodes.DnsServerMisbehaving;
        return message.Rcode switch
        {
            0 => message.Answers.Any(answer => Fits(answer, type)) ? FailureCodes.None : FailureCodes.DnsNoAnswer,
            2 => FailureCodes.DnsServfail,
            3 => FailureCodes.DnsNxdomain,
            5 => FailureCodes.DnsRefused,
            _ => FailureCodes.DnsServerMisbehaving,
        };
    }
}
