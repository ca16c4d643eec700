using ProbeNet.Protos;

namespace ProbeNet.Agent.Probes;

/// <summary>
/// The deadline of one step inside a measurement. It tells apart the two reasons for giving up: the peer was silent
/// for the step's whole time, which says something about the network, and the measurement ended first, which does not.
/// </summary>
sealed class Deadline : IDisposable
{
    readonly CancellationTokenSource _own;
    readonly CancellationTokenSource _linked;

    public Deadline(TimeProvider time, TimeSpan allowed, CancellationToken outer)
    {
        _own = new CancellationTokenSource(allowed, time);
        _linked = CancellationTokenSource.CreateLinkedTokenSource(_own.Token, outer);
    }

    public CancellationToken Token => _linked.Token;

    public string Failure => _own.IsCancellationRequested ? FailureCodes.GenericTimeout : FailureCodes.Interrupted;

    public void Dispose()
    {
        _linked.Dispose();
        _own.Dispose();
    }
}
