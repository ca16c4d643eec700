using Microsoft.Extensions.Time.Testing;
using ProbeNet.Collector.Analysis;
using ProbeNet.Testing;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis;

/// <summary>An answer that takes a second is kept for twenty; from then on it is given for twenty more while it is computed anew.</summary>
public sealed class KeptAnswersTests : IDisposable
{
    static readonly TimeSpan Takes = TimeSpan.FromSeconds(1);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    readonly FakeTimeProvider _clock = new();
    readonly KeptAnswers<string, int> _kept;
    TaskCompletionSource _mayEnd = new();
    int _computed;

    public KeptAnswersTests()
    {
        _kept = new(_clock);
        _mayEnd.SetResult();
    }

    [Fact]
    public async Task It_is_computed_once_and_kept()
    {
        var both = await Task.WhenAll(AskAsync(), AskAsync());
        Assert.Equal([1, 1], both);
        _clock.Advance(18 * Takes);
        Assert.Equal((1, 1), (await AskAsync(), _computed));
    }

    [Fact]
    public async Task Nobody_waits_while_it_is_computed_anew()
    {
        await AskAsync();
        _clock.Advance(25 * Takes);
        _mayEnd = new();
        Assert.Equal((1, 1), (await AskAsync(), await AskAsync()));
        await Eventually.TrueAsync("it is computed anew", () => _computed == 2);
        Assert.Equal(1, await AskAsync());
        _mayEnd.SetResult();
        await Eventually.TrueAsync("the new one is given", async () => await AskAsync() == 2);
        Assert.Equal(2, _computed);
    }

    [Fact]
    public async Task What_is_too_old_is_waited_for()
    {
        await AskAsync();
        _clock.Advance(40 * Takes);
        Assert.Equal((2, 2), (await AskAsync(), _computed));
    }

    [Fact]
    public async Task A_renewal_outlives_who_asked()
    {
        await AskAsync();
        _clock.Advance(25 * Takes);
        using (var request = new CancellationTokenSource())
        {
            _mayEnd = new();
            await AskAsync(request.Token);
            await request.CancelAsync();
        }
        _mayEnd.SetResult();
        await Eventually.TrueAsync("the new one is given", async () => await AskAsync() == 2);
    }

    public void Dispose() => _kept.Dispose();

    async Task<int> AskAsync(CancellationToken? ct = null) => (await _kept.GetAsync("a country", ComputeAsync, ct ?? Ct)).Answer;

    async Task<int> ComputeAsync(CancellationToken ct)
    {
        var number = Interlocked.Increment(ref _computed);
        await _mayEnd.Task.WaitAsync(ct);
        _clock.Advance(Takes);
        return number;
    }
}
