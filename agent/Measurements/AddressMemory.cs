using System.Net;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Measurements;

/// <summary>Where inputs were last found, for the order of the next round. Kept in memory alone.</summary>
sealed class AddressMemory
{
    readonly Lock _lock = new();
    readonly Dictionary<string, (string Address, bool Suspect)> _known = new(StringComparer.Ordinal);

    public void Remember(Facts facts)
    {
        if (facts.Tcp.FirstOrDefault() is not { } connect)
            return;
        var suspect = facts.Tls.Any(one => one.Arm == ComparisonArms.None && EndpointTry.IsInterference(one.Failure))
            || facts.Http.Any(one => EndpointTry.IsInterference(one.Failure));
        lock (_lock)
            _known[facts.Input] = (new IPAddress(connect.Address.Span).ToString(), suspect);
    }

    /// <summary>The same for inputs on one address; the input itself where its address is not known.</summary>
    public string GroupOf(string input)
    {
        lock (_lock)
            return _known.TryGetValue(input, out var known) ? known.Address : input;
    }

    public bool IsSuspect(string input)
    {
        lock (_lock)
            return _known.TryGetValue(input, out var known) && known.Suspect;
    }
}
