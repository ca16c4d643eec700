using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ProbeNet.Collector.Api.Dumps;
using ProbeNet.Collector.Tests.Analysis;
using ProbeNet.Protos.V1;
using Xunit;
using static ProbeNet.Collector.Tests.Api.WebGround;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Tests.Api.Dumps;

/// <summary>
/// Five days, of which the public sees three (16 to 18 November): a site is reached and then denied at 64501 (four volunteers), reached at 64502
/// (three), denied at 64503 (two: below what is published) and reached by one volunteer of 64504.
/// </summary>
sealed class DumpedCountry : IAsyncDisposable
{
    DumpedCountry(WebGround web) => Web = web;

    public WebGround Web { get; }

    public DumpMaker Maker => Web.Services.GetRequiredService<DumpMaker>();

    public static async Task<DumpedCountry> CreateAsync()
    {
        var ground = await AnalysisGround.OnPostgresAsync();
        await ground.ListAsync(new TestList { Licence = "CC BY-NC-SA 4.0", Attribution = "A Lab" }, (InventedCountry.Site, InventedCountry.Host, false));
        for (var ago = 4; ago >= 0; ago--)
        {
            await ground.SeesAsync(ground.Control(201, 64560), Page.Reached(InventedCountry.Site), daysAgo: ago);
            await ground.SeesAsync(ground.Control(202, 64561), Page.Reached(InventedCountry.Site), daysAgo: ago);
            for (byte unit = 1; unit <= 4; unit++)
            {
                await ground.SeesAsync(ground.Volunteer(unit), ago > 2 ? Page.Reached(InventedCountry.Site) : InventedCountry.Denied(), daysAgo: ago);
                if (unit <= 3)
                    await ground.SeesAsync(ground.Volunteer((byte)(10 + unit), asn: 64502), Page.Reached(InventedCountry.Site), daysAgo: ago);
                if (unit <= 2)
                    await ground.SeesAsync(ground.Volunteer((byte)(20 + unit), asn: 64503), InventedCountry.Denied(), daysAgo: ago);
            }
            await ground.SeesAsync(ground.Volunteer(31, asn: 64504), Page.Reached(InventedCountry.Site), daysAgo: ago);
        }
        await ground.SettleAsync();
        return new(await WebGround.StartAsync(ground));
    }

    /// <summary>Late data of the day two days ago.</summary>
    public async Task LateAsync(byte unit, uint asn, bool denied)
    {
        await Web.Ground.SeesAsync(Web.Ground.Volunteer(unit, asn), denied ? InventedCountry.Denied() : Page.Reached(InventedCountry.Site), daysAgo: 2);
        await Web.Ground.SettleAsync();
    }

    public async Task<byte[]> FileAsync(string day, int version, string name)
    {
        using var response = await Web.GetAsync($"/api/v1/dumps/{day}/{version}/{name}");
        Assert.True(response.IsSuccessStatusCode, $"{name}: {response.StatusCode}");
        return await response.Content.ReadAsByteArrayAsync(Ct);
    }

    /// <summary>Lines of a CSV file, its columns first.</summary>
    public async Task<string[]> LinesAsync(string day, int version, string kind)
    {
        await using var unpacked = new GZipStream(new MemoryStream(await FileAsync(day, version, $"{kind}-{day}.csv.gz")), CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked, Encoding.UTF8);
        return (await reader.ReadToEndAsync(Ct)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
    }

    public Task<JsonNode> ManifestAsync(string day) => Web.JsonAsync($"/api/v1/dumps/{day}");

    public ValueTask DisposeAsync() => Web.DisposeAsync();
}
