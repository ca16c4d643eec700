using ProbeNet.Collector.Analysis;

namespace ProbeNet.Collector.Api;

/// <summary>Large bodies, written once for a while for all who ask the same.</summary>
sealed class KeptBodies(TimeProvider time) : IDisposable
{
    // Some hundred kilobytes each.
    const int MostKept = 50;

    readonly KeptAnswers<string, PackedBody> _kept = new(time, MostKept);

    /// <param name="key">Whatever the body depends on, but the time.</param>
    public async Task<PackedBody> GetAsync(string key, Func<Stream, Task> write, CancellationToken ct) =>
        (await _kept.GetAsync(key, () => PackedBody.OfAsync(write), ct)).Answer;

    public void Dispose() => _kept.Dispose();
}
