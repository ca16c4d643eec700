namespace ProbeNet.Collector.Analysis.Attribution;

/// <summary>Numbers that look random and are always the same: SplitMix64 (Steele, Lea, Flood, OOPSLA 2014).</summary>
sealed class SplitMix(ulong seed)
{
    ulong _state = seed;

    /// <returns>From 0 to <paramref name="below"/>, exclusive.</returns>
    public int Next(int below)
    {
        _state += 0x9E3779B97F4A7C15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        z ^= z >> 31;
        return (int)Math.BigMul(z, (ulong)below, out _);
    }
}
