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
    // 420 s where 180 s were not enough: some devices remember for that long.
    const double Longer = 420.0 / 180;

    readonly ConcurrentDictionary<IPEndPoint, (long At, TimeSpan Wait)> _failed = new();

    public TimeSpan Wait => wait;

    public void Note(IPEndPoint peer)
    {
        // Still failing after the silence: the device may remember for longer. What fails beside it says nothing of that.
        var again = _failed.TryGetValue(peer, out var before) && time.GetElapsedTime(before.At) >= before.Wait;
        _failed[peer] = (time.GetTimestamp(), again ? wait * Longer : wait);
        foreach (var (old, one) in _failed)
        {
            if (time.GetElapsedTime(one.At) > wait * Longer * 2)
                _failed.TryRemove(new(old, one));
        }
    }

    /// <summary>How long nothing may be sent there yet; zero when the way is free.</summary>
    public TimeSpan Remaining(IPEndPoint peer)
    {
        if (!_failed.TryGetValue(peer, out var one))
            return TimeSpan.Zero;
        var left = one.Wait - time.GetElapsedTime(one.At);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
