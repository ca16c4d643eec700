using ProbeNet.Lab.Hosts;
using ProbeNet.Lab.Interference;
using ProbeNet.Lab.Resolvers;

namespace ProbeNet.Lab.Middlebox;

/// <summary>A box on the path that reads questions to port 53 over UDP, whomever they are for, before the TTL is looked at.</summary>
sealed class QuestionBox
{
    const ushort Queue = 2;
    readonly Host _router;
    readonly Sender _sender;
    volatile IReadOnlyList<IQuestionInterference> _interference = [];
    bool _inPath;

    public QuestionBox(Host router, Sender sender)
    {
        (_router, _sender) = (router, sender);
        var queue = new PacketQueue(router, Queue);
        new Thread(() => queue.Run(MayPass)) { IsBackground = true, Name = router.Name + " questions" }.Start();
    }

    public void Apply(IReadOnlyList<IQuestionInterference> interference)
    {
        _interference = interference;
        if (interference.Count > 0 == _inPath)
            return;
        _inPath = !_inPath;
        foreach (var tables in (string[])["iptables-legacy", "ip6tables-legacy"])
            _router.Tool(tables, ["-t", "mangle", _inPath ? "-A" : "-D", "PREROUTING", "-p", "udp", "--dport", "53",
                "-j", "NFQUEUE", "--queue-num", $"{Queue}", "--queue-bypass"]);
    }

    bool MayPass(ReadOnlyMemory<byte> bytes)
    {
        if (IpPacket.Read(bytes) is not { Protocol: IpPacket.Udp } packet || DnsMessage.Read(packet.Payload) is not { } question
            || _interference.Select(rule => rule.Judge(question.Name)).FirstOrDefault(found => found is not null) is not { } action)
            return true;
        if (action.Forged is { } forged)
        {
            var reply = question.Reply(forged, authoritative: false);
            var ttl = action.CopiesTtl ? packet.Ttl : Forged.OwnTtl;
            _sender.Send(Forged.Udp(packet.Flow.Back, reply, ttl), packet.Flow.Source);
        }
        return action.Lets;
    }
}
