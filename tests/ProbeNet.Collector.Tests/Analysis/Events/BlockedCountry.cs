using ProbeNet.Collector.Analysis.Events;
using ProbeNet.Collector.Store;
using ProbeNet.Collector.Tests.Api;
using ProbeNet.Collector.Tests.Store;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Tests.Analysis.Events;

/// <summary>Three homes of one provider and two controls look at a site every twenty minutes; what they see is told, stretch by stretch.</summary>
sealed class BlockedCountry : IAsyncDisposable
{
    /// <summary>A day before the store's now.</summary>
    public static readonly DateTimeOffset Start = TestKey.Noon.AddDays(-1);

    static readonly TimeSpan Period = TimeSpan.FromMinutes(20);

    readonly TestKey[] _controls;

    BlockedCountry(AnalysisGround ground)
    {
        Ground = ground;
        _controls = [ground.Control(201, 64560), ground.Control(202, 64561)];
        Homes = [ground.Volunteer(1), ground.Volunteer(2), ground.Volunteer(3)];
    }

    public AnalysisGround Ground { get; }

    public IReadOnlyList<TestKey> Homes { get; }

    /// <param name="now">The store's; a day after the start without it.</param>
    public static async Task<BlockedCountry> CreateAsync(AnalysisGround? ground = null, DateTimeOffset? now = null)
    {
        var country = new BlockedCountry(ground ?? await AnalysisGround.OnPostgresAsync(now));
        await country.Ground.ListAsync((InventedCountry.Site, InventedCountry.Host, false));
        foreach (var control in country._controls)
            await country.SeesAsync(control, Page.Reached(InventedCountry.Site), -30, 20);
        return country;
    }

    /// <param name="from">Hours from the start.</param>
    /// <param name="to">Not included.</param>
    public Task DeniedAsync(double from, double to, params TestKey[] homes) => AllAsync(InventedCountry.Denied(), from, to, homes);

    /// <inheritdoc cref="DeniedAsync"/>
    public Task ReachedAsync(double from, double to, params TestKey[] homes) => AllAsync(Page.Reached(InventedCountry.Site), from, to, homes);

    public async Task<IReadOnlyList<KeptEvent>> EventsAsync()
    {
        await Ground.SettleAsync();
        return await EventTable.PageAsync(Ground.Store.Source, new(null, null, null, null, null, null, null), 100, AnalysisGround.Ct);
    }

    public Task<IReadOnlyList<EventEntry>> LogAsync(string id) => EventTable.LogAsync(Ground.Store.Source, id, AnalysisGround.Ct);

    public ValueTask DisposeAsync() => Ground.DisposeAsync();

    async Task AllAsync(Page page, double from, double to, TestKey[] homes)
    {
        foreach (var home in homes.Length > 0 ? homes : Homes)
            await SeesAsync(home, page, from, to);
    }

    async Task SeesAsync(TestKey key, Page page, double from, double to)
    {
        var time = Start.AddHours(from);
        var batch = key.Next((int)Math.Round((to - from) * 3), time, page.Host, (facts, circumstance) =>
        {
            facts.MergeFrom(page.Facts);
            facts.Input = page.Facts.Input;
            circumstance.Cc = key.Certificate.Cc;
            circumstance.Time = time.ToUnixTimeSeconds();
            time += Period;
        });
        await Ground.Store.Writer.WriteAsync(batch, AnalysisGround.Ct);
    }
}
