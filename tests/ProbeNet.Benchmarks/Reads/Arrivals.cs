using ProbeNet.Protos.Sealing;

namespace ProbeNet.Benchmarks.Reads;

/// <summary>Measurements that arrive at a steady rate while others read, sealed beforehand.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
sealed class Arrivals : IAsyncDisposable
{
    public const int PerSecond = 2_000;

    const int Streams = 4, Seed = 20_261_127;

    static readonly TimeSpan Between = TimeSpan.FromSeconds((double)BatchSealer.MaximumCount * Streams / PerSecond);

    readonly List<BenchmarkAgent> _agents = [];

    Arrivals()
    {
    }

    public long Measurements => _agents.Sum(agent => agent.Measurements);

    /// <summary>Measurements with a signed receipt so far.</summary>
    public long Acknowledged => _agents.Sum(agent => (long)agent.Acknowledged.Count * BatchSealer.MaximumCount);

    /// <param name="lasts">There is enough for so long.</param>
    public static async Task<Arrivals> PrepareAsync(CollectorUnderTest collector, TimeSpan lasts, CancellationToken ct)
    {
        var invite = await collector.InviteAsync(Streams, ct);
        var arrivals = new Arrivals();
        for (var i = 0; i < Streams; i++)
        {
            var source = new MadeMeasurements(new Random(Seed + i), null, TimeProvider.System.GetUtcNow());
            arrivals._agents.Add(await BenchmarkAgent.EnrolAsync(invite, new Random(i), ct));
            arrivals._agents[i].Prepare(source.Next, source.Attachments, (int)Math.Ceiling(lasts / Between));
        }
        return arrivals;
    }

    /// <summary>All of them, one stream's batch after another's.</summary>
    public Task SendAsync(CancellationToken ct) => Task.WhenAll(_agents.Select((agent, i) => Task.Run(async () =>
    {
        await Task.Delay(Between * i / Streams, ct);
        await agent.SendAllAsync(Between, ct);
    }, ct)));

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in _agents)
            await agent.DisposeAsync();
    }
}
