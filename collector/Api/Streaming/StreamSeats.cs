using Microsoft.Extensions.Options;

namespace ProbeNet.Collector.Api.Streaming;

/// <summary>How many follow the stream, in all and with one key.</summary>
sealed class StreamSeats(IOptions<StreamOptions> options)
{
    readonly Lock _lock = new();
    readonly Dictionary<string, int> _taken = new(StringComparer.Ordinal);

    /// <returns>What gives the seat back; null where there is none left.</returns>
    public IDisposable? Take(string keyId)
    {
        lock (_lock)
        {
            var own = _taken.GetValueOrDefault(keyId);
            if (own >= options.Value.MostOfKey || _taken.Values.Sum() >= options.Value.Most)
                return null;
            _taken[keyId] = own + 1;
        }
        return new Seat(this, keyId);
    }

    void GiveBack(string keyId)
    {
        lock (_lock)
            if (--_taken[keyId] == 0)
                _taken.Remove(keyId);
    }

    sealed class Seat(StreamSeats seats, string keyId) : IDisposable
    {
        public void Dispose() => seats.GiveBack(keyId);
    }
}
