using System.Collections.Concurrent;
using System.Net;

namespace ProbeNet.Agent.Measurements;

/// <summary>
/// Devices that saw a name they block often go on dropping what follows between the same two machines. After a failed
/// handshake with the target's name nothing is sent to that address and port for a while, or the next measurement
/// there would take down the device's memory as a finding of its own.
/// </summary>
sealed class ResidualBlocking(TimeProvider time, TimeSpan wait)
{
    readonly ConcurrentDictionary<IPEndPoint, long> _failed = new();

    public TimeSpan Wait => wait;

    public void Note(IPEndPoint peer)
    {
        _failed[peer] = time.GetTimestamp();
        foreach (var (old, at) in _failed)
        {
            if (time.GetElapsedTime(at) > wait)
                _failed.TryRemove(new(old, at));
        }
    }

    /// <summary>How long nothing may be sent there yet; zero when the way is free.</summary>
    public TimeSpan Remaining(IPEndPoint peer)
    {
        if (!_failed.TryGetValue(peer, out var at))
            return TimeSpan.Zero;
        var left = wait - time.GetElapsedTime(at);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
