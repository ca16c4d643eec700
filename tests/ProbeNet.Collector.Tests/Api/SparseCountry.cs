using Npgsql;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Analysis.Worlds;
using ProbeNet.Collector.Store;
using ProbeNet.Collector.Tests.Analysis;
using ProbeNet.Collector.Tests.Analysis.Worlds;
using ProbeNet.Collector.Tests.Store;
using Xunit;

namespace ProbeNet.Collector.Tests.Api;

/// <summary>
/// Three weeks of eight providers where volunteers often skip a site: on many days fewer looked than are published. Whole days are
/// public a day after they end. Beside it are single measurements of <see cref="InventedCountry"/>, of the last public day.
/// </summary>
public sealed class SparseCountry : IAsyncLifetime
{
    public const string Cc = "XA";
    public const int Days = 21;
    public const int Isps = 8;
    public const int Targets = 30;

    const double Share = 0.9;

    public static DateTimeOffset Start => WorldMaker.Start;

    WebGround? _web;

    internal WebGround Web => _web!;

    internal string AnalystKey { get; private set; } = "";

    internal string OperatorKey { get; private set; } = "";

    internal NpgsqlDataSource Source => Web.Ground.Store.Source;

    public async ValueTask InitializeAsync()
    {
        var random = new Random(20_261_127);
        var world = WorldMaker.Make(new(WorldKind.Order, Difficulty.Easy, 9, Isps, Targets, Localised: true, Days)).World;
        var ground = await AnalysisGround.OnPostgresAsync(Start.AddDays(Days).AddHours(1));
        var days = WorldDays.Of(world).Where(_ => random.NextDouble() < Share).ToList();
        await ground.ListAsync([.. days.Select(day => day.Target).Distinct(StringComparer.Ordinal).Select(target => ($"https://{target}/", target, false))]);
        await using (var connection = await ground.Store.Source.OpenConnectionAsync(WebGround.Ct))
        {
            foreach (var day in days.GroupBy(day => day.Day))
                await UnitDays.ReplaceAsync(connection, [.. day], FingerprintSet.Empty.Version, WebGround.Ct);
            await EventDue.MarkAsync(connection, Cc, days.Select(day => day.Host), WebGround.Ct);
        }
        await InventedCountry.FillAsync(ground, daysAgo: (TestKey.Noon.Date - Day(Days - 2).Date).Days);
        _web = await WebGround.StartAsync(ground);
        (AnalystKey, OperatorKey) = (await Web.KeyAsync(), await Web.KeyAsync(ApiRole.Operator));
    }

    /// <summary>Public days, from the first on.</summary>
    public static DateTimeOffset Day(int index) => Start.AddDays(index);

    public async ValueTask DisposeAsync()
    {
        if (_web is not null)
            await _web.DisposeAsync();
    }
}
