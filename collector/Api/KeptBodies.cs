using ProbeNet.Collector.Analysis;

namespace ProbeNet.Collector.Api;

/// <summary>Large bodies, written once for a while for all who ask the same.</summary>
sealed class KeptBodies(TimeProvider time) : IDisposable
{
    // Some hundred kilobytes each.
    const int MostKept = 50;

    readonly KeptAnswers<string, PackedBody> _kept = new(time, MostKept);

    /// <param name="key">Whatever the body depends on, but the time.</param>
    /// <param name="write">As for <see cref="KeptAnswers{TKey, TAnswer}.GetAsync"/>.</param>
    public async Task<PackedBody> GetAsync(string key, Func<Stream, CancellationToken, Task> write, CancellationToken ct) =>
        (await _kept.GetAsync(key, cancel => PackedBody.OfAsync(body => write(body, cancel)), ct)).Answer;

    public void Dispose() => _kept.Dispose();
}
