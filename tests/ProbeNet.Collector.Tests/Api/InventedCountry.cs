using ProbeNet.Collector.Tests.Analysis;
using ProbeNet.Protos;
using Xunit;

namespace ProbeNet.Collector.Tests.Api;

/// <summary>
/// Four providers and two controls over the writer and the analysis. The site is denied at 64501 (four volunteers), reached at
/// 64502 (four), denied at 64503 (two: below what is published) and reached by one volunteer of 64504.
/// </summary>
public sealed class InventedCountry : IAsyncLifetime
{
    public const string Site = "https://www.news.example/";
    public const string Host = "www.news.example";

    WebGround? _web;

    internal WebGround Web => _web!;

    public async ValueTask InitializeAsync()
    {
        var ground = await AnalysisGround.OnPostgresAsync();
        await ground.ListAsync((Site, Host, false));
        await FillAsync(ground);
        _web = await WebGround.StartAsync(ground, "Collector:Publication:Delay=00:00:00");
    }

    internal static async Task FillAsync(AnalysisGround ground, int daysAgo = 0)
    {
        await ground.SeesAsync(ground.Control(201, 64560), Page.Reached(Site), daysAgo: daysAgo);
        await ground.SeesAsync(ground.Control(202, 64561), Page.Reached(Site), daysAgo: daysAgo);
        for (byte i = 1; i <= 4; i++)
        {
            await ground.SeesAsync(ground.Volunteer(i), Denied(), daysAgo: daysAgo);
            await ground.SeesAsync(ground.Volunteer((byte)(10 + i), asn: 64502), Page.Reached(Site), daysAgo: daysAgo);
            if (i <= 2)
                await ground.SeesAsync(ground.Volunteer((byte)(20 + i), asn: 64503), Denied(), daysAgo: daysAgo);
        }
        await ground.SeesAsync(ground.Volunteer(31, asn: 64504), Page.Reached(Site), daysAgo: daysAgo);
        await ground.SettleAsync();
    }

    internal static Page Denied(string site = Site) =>
        new Page(site).SystemFails(FailureCodes.DnsNxdomain).Outside(Page.Truth).Connects(Page.Truth).Shakes(Page.Truth).Gets(Page.Truth);

    public async ValueTask DisposeAsync()
    {
        if (_web is not null)
            await _web.DisposeAsync();
    }
}
