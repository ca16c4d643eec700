using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Probes.Http;

/// <summary>
/// How the bytes of one exchange arrived: samples at gaps drawn from an exponential distribution (mean 250 ms, 25 to 650),
/// so that a sender with a rhythm is met at every phase of it.
/// </summary>
/// <param name="uniform">Gives numbers in [0, 1).</param>
sealed class ByteSampler(ProbeClock clock, Func<double> uniform)
{
    const double Mean = 250_000;
    const double Shortest = 25_000;
    const double Longest = 650_000;
    const int Most = 64;

    readonly List<ByteSample> _samples = [];
    uint _next = clock.Now + Gap(uniform());

    public uint Received { get; private set; }

    public void Note(int bytes)
    {
        Received += (uint)bytes;
        if (clock.Now < _next || _samples.Count == Most)
            return;
        _samples.Add(new ByteSample { AtUs = clock.Now, Bytes = Received });
        _next = clock.Now + Gap(uniform());
    }

    public void Into(HttpExchange exchange)
    {
        exchange.Received = Received;
        exchange.Samples.AddRange(_samples);
    }

    static uint Gap(double uniform) => (uint)Math.Clamp(-Mean * Math.Log(1 - uniform), Shortest, Longest);
}
