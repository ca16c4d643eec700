using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ProbeNet.Agent.Probes.Path;

/// <summary>
/// Hears ICMP errors and TCP answers that belong to probes, which ordinary sockets do not tell the half of. It needs
/// CAP_NET_RAW; without it <see cref="TryOpen"/> gives null and localisation does less. Only packets for a port that a
/// probe has announced are looked at, and none is kept.
/// </summary>
sealed class RawListener : IAsyncDisposable
{
    readonly Socket[] _sockets;
    readonly Task[] _loops;
    readonly CancellationTokenSource _stop = new();
    readonly ConcurrentDictionary<(ushort Local, ushort Remote), Heard> _waiting = new();

    RawListener(Socket[] sockets)
    {
        _sockets = sockets;
        _loops = [.. sockets.Select(ListenAsync)];
    }

    public static RawListener? TryOpen(ProbeSockets sockets)
    {
        if (!OperatingSystem.IsLinux() || sockets.OpenRaw(ProtocolType.Icmp) is not { } icmp)
            return null;
        if (sockets.OpenRaw(ProtocolType.Tcp) is { } tcp)
            return new RawListener([icmp, tcp]);
        icmp.Dispose();
        return null;
    }

    /// <summary>From now on, until disposed of, what comes back for this pair of ports is heard.</summary>
    public Heard Announce(IPEndPoint local, IPEndPoint remote) =>
        _waiting[((ushort)local.Port, (ushort)remote.Port)] = new Heard(heard => _waiting.TryRemove(new(((ushort)local.Port, (ushort)remote.Port), heard)));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        foreach (var socket in _sockets)
            socket.Dispose();
        await Task.WhenAll(_loops);
        _stop.Dispose();
    }

    async Task ListenAsync(Socket socket)
    {
        var buffer = new byte[2048];
        try
        {
            while (true)
            {
                var read = await socket.ReceiveAsync(buffer, SocketFlags.None, _stop.Token);
                if (IpPacket.Read(buffer.AsSpan(0, read)) is { } packet && _waiting.TryGetValue((packet.LocalPort, packet.RemotePort), out var heard))
                    heard.Take(packet);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end, or a network that went away: the sweep goes on with what sockets tell by themselves.
        }
    }
}

/// <summary>
/// What came back for one probe. The probes of one flow share their ports, and the kernel sends an unanswered payload again:
/// so an error counts only when it is about this connection's own stream, whose first number the server's SYN acknowledges.
/// </summary>
sealed class Heard(Action<Heard> forget) : IDisposable
{
    // The socket itself may tell of an answer before the listener has come round to it.
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    const int MostEarly = 16;

    readonly TaskCompletionSource<IpPacket> _error = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource<uint> _answerTtl = new(TaskCreationOptions.RunContinuationsAsynchronously);

    readonly List<IpPacket> _early = [];
    uint? _first;

    /// <summary>The first ICMP error about the payload.</summary>
    public Task<IpPacket> Error => _error.Task;

    /// <summary>TTL of the first answer, which is known to have come; 0 when it was not heard.</summary>
    public async Task<uint> AnswerTtlAsync(TimeProvider time)
    {
        try
        {
            return await _answerTtl.Task.WaitAsync(Grace, time);
        }
        catch (TimeoutException)
        {
            return 0;
        }
    }

    public void Take(IpPacket packet)
    {
        // Errors and segments come by two sockets, so that an error may be heard before the handshake.
        lock (_early)
        {
            if (packet.Opens)
                _first ??= packet.OwnSequence;
            else if (packet.IcmpType is not null && (_first is not null || _early.Count < MostEarly))
                _early.Add(packet);
            else if (packet.Answers)
                _answerTtl.TrySetResult(packet.Ttl);
            if (_first is null)
                return;
            foreach (var error in _early.Where(error => error.OwnSequence == _first))
                _error.TrySetResult(error);
            _early.Clear();
        }
    }

    public void Dispose() => forget(this);
}
