using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Analysis.Worlds;
using ProbeNet.Collector.Store;
using ProbeNet.Collector.Tests.Analysis;
using ProbeNet.Collector.Tests.Analysis.Moves;
using ProbeNet.Collector.Tests.Analysis.Worlds;
using ProbeNet.Collector.Tests.Api;
using Xunit;

namespace ProbeNet.Collector.Tests.Web;

/// <summary>
/// Ninety days of eight providers whose own ways of blocking give way to a gateway's: enough to compare, with baselines, moves and events.
/// Some providers have fewer volunteers than are published.
/// </summary>
public sealed class MovedCountry : IAsyncLifetime
{
    public const string Cc = "XA";

    WebGround? _web;

    internal WebGround Web => _web!;

    public async ValueTask InitializeAsync()
    {
        var ct = WebGround.Ct;
        var world = MoveWorldMaker.Make(new(MoveKind.Gateway, Difficulty.Easy, 9, Isps: 8, Targets: 30, Localised: true, Plain: false)).World;
        var ground = await AnalysisGround.OnPostgresAsync(WorldMaker.Start.AddDays(MovePlan.Lead + MovePlan.Transition + MovePlan.Rest).AddHours(1));
        var days = WorldDays.Of(world);
        await ground.ListAsync([.. days.Select(day => day.Target).Distinct(StringComparer.Ordinal).Select(target => ($"https://{target}/", target, false))]);
        await using (var connection = await ground.Store.Source.OpenConnectionAsync(ct))
        {
            foreach (var day in days.GroupBy(day => day.Day))
                await UnitDays.ReplaceAsync(connection, [.. day], FingerprintSet.Empty.Version, ct);
            await EventDue.MarkAsync(connection, Cc, days.Select(day => day.Host), ct);
        }
        await new MoveUpkeep(ground.Store.Source, new UnitDays(ground.Store.Source), new ListTargets(ground.Store.Source), FingerprintSet.Empty, ground.Store.Clock).RunAsync(ct);
        await ground.SettleAsync();
        _web = await WebGround.StartAsync(ground, "Collector:Publication:Delay=00:00:00");
    }

    public async ValueTask DisposeAsync()
    {
        if (_web is not null)
            await _web.DisposeAsync();
    }
}
