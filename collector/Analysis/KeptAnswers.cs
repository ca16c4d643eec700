using System.Collections.Concurrent;
using Npgsql;

namespace ProbeNet.Collector.Analysis;

/// <summary>
/// Answers that are dear to compute: one at a time, as each has all of a country in memory, and each kept twenty times as long as it
/// took, so that asking often does not cost more than a twentieth. For as long again nobody waits: who asks gets what was kept, and it
/// is computed anew meanwhile.
/// </summary>
/// <param name="most">Answers kept at once.</param>
sealed class KeptAnswers<TKey, TAnswer>(TimeProvider time, int most = 100) : IDisposable where TKey : notnull
{
    const int Keep = 20;

    readonly ConcurrentDictionary<TKey, Kept> _kept = new();
    readonly ConcurrentDictionary<TKey, bool> _renewals = new();
    readonly CancellationTokenSource _over = new();
    readonly SemaphoreSlim _one = new(1);

    /// <param name="compute">May outlive the request: it holds nothing of it, and its token is not always the request's.</param>
    public async Task<(DateTimeOffset Computed, TAnswer Answer)> GetAsync(TKey key, Func<CancellationToken, Task<TAnswer>> compute, CancellationToken ct)
    {
        var now = time.GetUtcNow();
        if (!_kept.TryGetValue(key, out var kept) || kept.Computed + (2 * kept.For) <= now)
            kept = await ComputeAsync(key, compute, ct);
        else if (kept.Computed + kept.For <= now && _renewals.TryAdd(key, true))
            _ = Task.Run(() => RenewAsync(key, compute), CancellationToken.None);
        return (kept.Computed, kept.Answer);
    }

    public void Dispose()
    {
        _over.Cancel();
        _over.Dispose();
        _one.Dispose();
    }

    async Task<Kept> ComputeAsync(TKey key, Func<CancellationToken, Task<TAnswer>> compute, CancellationToken ct)
    {
        await _one.WaitAsync(ct);
        try
        {
            var (now, started) = (time.GetUtcNow(), time.GetTimestamp());
            if (_kept.TryGetValue(key, out var kept) && kept.Computed + kept.For > now)
                return kept;
            var answer = await compute(ct);
            if (_kept.Count >= most && !_kept.ContainsKey(key))
                _kept.Clear();
            return _kept[key] = new(now, time.GetElapsedTime(started) * Keep, answer);
        }
        finally
        {
            _one.Release();
        }
    }

    async Task RenewAsync(TKey key, Func<CancellationToken, Task<TAnswer>> compute)
    {
        try
        {
            await ComputeAsync(key, compute, _over.Token);
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException or ObjectDisposedException)
        {
            // The store is away, of which the next who has to wait hears; or the program ends.
        }
        finally
        {
            _renewals.TryRemove(key, out _);
        }
    }

    /// <param name="For">It is given without a second look from then on.</param>
    sealed record Kept(DateTimeOffset Computed, TimeSpan For, TAnswer Answer);
}
