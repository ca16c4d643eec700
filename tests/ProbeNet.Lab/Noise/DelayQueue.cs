using System.Collections.Concurrent;
using System.Diagnostics;
using ProbeNet.Lab.Hosts;
using ProbeNet.Lab.Middlebox;

namespace ProbeNet.Lab.Noise;

/// <summary>
/// A long way: every packet through a router waits. There is a kernel module for this, which many kernels do not have, so
/// packets wait in the queue that boxes read, and are let go when their time has come.
/// </summary>
sealed class DelayQueue
{
    const ushort Queue = 9;
    readonly Host _router;
    readonly BlockingCollection<(long Due, uint Id)> _waiting = [];
    readonly PacketQueue _queue;
    readonly TimeSpan _delay;
    bool _on;

    public DelayQueue(Host router, TimeSpan delay)
    {
        (_router, _delay) = (router, delay);
        _queue = new PacketQueue(router, Queue);
        new Thread(() => _queue.Hold(id => _waiting.Add((Stopwatch.GetTimestamp() + (long)(_delay.TotalSeconds * Stopwatch.Frequency), id)))) { IsBackground = true, Name = router.Name + " delay" }.Start();
        new Thread(LetGo) { IsBackground = true, Name = router.Name + " release" }.Start();
    }

    public void Switch(bool on)
    {
        if (on == _on)
            return;
        _on = on;
        foreach (var tables in (string[])["iptables-legacy", "ip6tables-legacy"])
            _router.Tool(tables, ["-t", "mangle", on ? "-A" : "-D", "FORWARD", "-j", "NFQUEUE", "--queue-num", $"{Queue}", "--queue-bypass"]);
    }

    // All wait equally long: the first to come is the first to go.
    void LetGo()
    {
        // Not the pool's clock: a busy pool would make the way longer than it is.
        using var never = new ManualResetEventSlim();
        foreach (var (due, id) in _waiting.GetConsumingEnumerable())
        {
            var left = TimeSpan.FromSeconds((due - Stopwatch.GetTimestamp()) / (double)Stopwatch.Frequency);
            if (left > TimeSpan.Zero)
                never.Wait(left);
            _queue.Accept(id);
        }
    }
}
