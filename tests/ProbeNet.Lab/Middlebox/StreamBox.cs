using System.Diagnostics;
using System.Net;
using ProbeNet.Lab.Hosts;
using ProbeNet.Lab.Interference;

namespace ProbeNet.Lab.Middlebox;

/// <summary>
/// A box on the path that reads what clients send to ports 80 and 443, reassembles it until a name shows, and then does
/// what a rule says. It sits before routing, so a packet's TTL must reach exactly this router to trigger it.
/// </summary>
sealed class StreamBox
{
    const ushort Queue = 1;
    const int LongestHead = 16384;
    readonly Host _router;
    readonly Sender _sender;
    readonly Firewall _firewall;
    readonly Dictionary<Flow, Connection> _connections = [];
    readonly Dictionary<(IPAddress Client, IPAddress Server, ushort Port), long> _silent = [];
    volatile IReadOnlyList<IStreamInterference> _interference = [];
    bool _inPath;

    public StreamBox(Host router, Firewall firewall, Sender sender)
    {
        (_router, _firewall, _sender) = (router, firewall, sender);
        var queue = new PacketQueue(router, Queue);
        new Thread(() => queue.Run(MayPass)) { IsBackground = true, Name = router.Name + " box" }.Start();
    }

    /// <summary>Connections that were judged before keep what they got.</summary>
    public void Apply(IReadOnlyList<IStreamInterference> interference)
    {
        _interference = interference;
        if (interference.Count > 0 == _inPath)
            return;
        _inPath = !_inPath;
        foreach (var tables in (string[])["iptables-legacy", "ip6tables-legacy"])
            _router.Tool(tables, ["-t", "mangle", _inPath ? "-A" : "-D", "PREROUTING", "-p", "tcp", "-m", "multiport", "--dports", "80,443",
                "-j", "NFQUEUE", "--queue-num", $"{Queue}", "--queue-bypass"]);
    }

    bool MayPass(ReadOnlyMemory<byte> bytes)
    {
        if (IpPacket.Read(bytes) is not { } packet)
            return true;
        var flow = packet.Flow;
        if ((packet.Flags & Forged.Syn) != 0)
        {
            if (_silent.TryGetValue((flow.Source, flow.Destination, flow.DestinationPort), out var until) && Stopwatch.GetTimestamp() < until)
                return false;
            _connections[flow] = new Connection { Next = packet.Sequence + 1 };
            return true;
        }
        if (!_connections.TryGetValue(flow, out var connection) || connection.Passed)
            return true;
        if (connection.Taken is { } action)
        {
            KeepQuiet(packet, connection, action);
            return false;
        }
        if ((packet.Flags & (Forged.Rst | Forged.Fin)) != 0)
            _connections.Remove(flow);
        return packet.Payload.IsEmpty || Read(packet, connection);
    }

    bool Read(IpPacket packet, Connection connection)
    {
        if (packet.Sequence != connection.Next)
            return true;
        connection.Head = [.. connection.Head, .. packet.Payload];
        connection.Next += (uint)packet.Payload.Length;
        var (complete, tls, name) = NameReader.Read(connection.Head);
        var path = complete && !tls ? NameReader.Path(connection.Head) : "";
        if (!complete)
        {
            connection.Passed = connection.Head.Length > LongestHead;
            return true;
        }
        connection.Head = [];
        var judged = name is null ? null : _interference.Select(rule => rule.Judge(new StreamName(name, tls, packet.Flow.Source, path))).FirstOrDefault(found => found is not null);
        if (judged is null || judged.Slows)
        {
            if (judged is not null)
                _firewall.Slow(packet.Flow.Source, packet.Flow.SourcePort);
            connection.Passed = true;
            return true;
        }
        if (judged.Residual > TimeSpan.Zero)
            _silent[(packet.Flow.Source, packet.Flow.Destination, packet.Flow.DestinationPort)] = Stopwatch.GetTimestamp() + (long)(judged.Residual.TotalSeconds * Stopwatch.Frequency);
        connection.Taken = judged;
        Take(packet, connection, judged);
        return false;
    }

    void Take(IpPacket packet, Connection connection, StreamAction action)
    {
        var flow = packet.Flow;
        if (action.ResetsBoth)
            Send(Forged.Tcp(flow.Back, packet.Acknowledged, connection.Next, Forged.Rst | Forged.Ack, []), flow.Source);
        if (action.Page is { } page)
        {
            Send(Forged.Tcp(flow.Back, packet.Acknowledged, connection.Next, Forged.Push | Forged.Ack | Forged.Fin, page), flow.Source);
            connection.Sent = packet.Acknowledged + (uint)page.Length + 1;
        }
        // The origin takes a reset only where it expects the next byte; else it would answer later and tell a second story.
        if (action.ResetsBoth || action.Page is not null)
            Send(Forged.Tcp(flow, packet.Sequence, packet.Acknowledged, Forged.Rst | Forged.Ack, []), flow.Destination);
    }

    /// <summary>After an injected page the box must go on acknowledging the client, who would otherwise see a silence.</summary>
    void KeepQuiet(IpPacket packet, Connection connection, StreamAction action)
    {
        var length = (uint)packet.Payload.Length + ((packet.Flags & Forged.Fin) != 0 ? 1u : 0u);
        if (action.Page is not null && length > 0)
            Send(Forged.Tcp(packet.Flow.Back, connection.Sent, packet.Sequence + length, Forged.Ack, []), packet.Flow.Source);
    }

    void Send(byte[] packet, IPAddress to) => _sender.Send(packet, to);

    /// <summary>What a client has sent so far. One thread alone touches it.</summary>
    sealed class Connection
    {
        public uint Next { get; set; }

        public byte[] Head { get; set; } = [];

        public bool Passed { get; set; }

        public StreamAction? Taken { get; set; }

        /// <summary>Sequence number after the injected answer.</summary>
        public uint Sent { get; set; }
    }
}
