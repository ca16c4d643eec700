using System.Collections.Concurrent;

namespace ProbeNet.Collector.Analysis;

/// <summary>
/// Answers that are dear to compute: one at a time, as each has all of a country in memory, and each kept twenty times as long as it
/// took, so that asking often does not cost more than a twentieth.
/// </summary>
/// <param name="most">Answers kept at once.</param>
sealed class KeptAnswers<TKey, TAnswer>(TimeProvider time, int most = 100) : IDisposable where TKey : notnull
{
    const int Keep = 20;

    readonly ConcurrentDictionary<TKey, (DateTimeOffset Computed, DateTimeOffset Until, TAnswer Answer)> _kept = new();
    readonly SemaphoreSlim _one = new(1);

    public async Task<(DateTimeOffset Computed, TAnswer Answer)> GetAsync(TKey key, Func<Task<TAnswer>> compute, CancellationToken ct)
    {
        if (_kept.TryGetValue(key, out var kept) && kept.Until > time.GetUtcNow())
            return (kept.Computed, kept.Answer);
        await _one.WaitAsync(ct);
        try
        {
            if (_kept.TryGetValue(key, out kept) && kept.Until > time.GetUtcNow())
                return (kept.Computed, kept.Answer);
            var (now, started) = (time.GetUtcNow(), time.GetTimestamp());
            var answer = await compute();
            if (_kept.Count >= most)
                _kept.Clear();
            _kept[key] = (now, now + time.GetElapsedTime(started) * Keep, answer);
            return (now, answer);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}
