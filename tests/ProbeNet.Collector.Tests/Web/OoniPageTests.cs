using System.Net;
using System.Xml.Linq;
using Microsoft.Extensions.DependencyInjection;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Service.Imports;
using ProbeNet.Collector.Store;
using ProbeNet.Collector.Tests.Analysis;
using ProbeNet.Collector.Tests.Api;
using Xunit;

namespace ProbeNet.Collector.Tests.Web;

/// <summary>OONI's own quality assurance, imported, on one page; where that folder is present.</summary>
public sealed class OoniPageTests
{
    [Fact]
    public async Task OONIs_verdict_stands_beside_ours_for_all_of_its_quality_assurance_and_in_no_other_page()
    {
        var folder = Path.Combine(FingerprintTests.SharedData, "ooni-qa");
        Assert.SkipUnless(Directory.Exists(folder), "OONI's quality assurance measurements are not here");
        var ground = await AnalysisGround.OnPostgresAsync();
        await ground.ListAsync(("https://www.example.com/", "www.example.com", false));
        string[] settings = ["Collector:Publication:Delay=00:00:00", "Collector:Fingerprints=" + Path.Combine(FingerprintTests.SharedData, "fingerprints_dns.csv")];
        await using var web = await WebGround.StartAsync(ground, settings);
        var key = await web.KeyAsync();
        Assert.Contains("No measurement of OONI's", (await Markup.MainAsync(web, "/ooni", key)).Text(), StringComparison.Ordinal);
        var before = await OthersAsync(web, key);
        var import = new OoniImport(new OoniMeasurements(ground.Store.Source), web.Services.GetRequiredService<FingerprintSet>(), ground.Store.Clock);
        var inputs = 0;
        foreach (var file in Directory.EnumerateFiles(folder, "*.json"))
        {
            await using var stream = File.OpenRead(file);
            inputs += (await import.RunAsync(stream, json: false, _ => { }, WebGround.Ct)).New;
        }
        Assert.Equal(30, inputs);

        var main = await Markup.MainAsync(web, "/ooni", key);
        Assert.Contains("Of 30 measurements on this page OONI decided 30; 28 of those are decided alike here, 2 differ.", main.Text(), StringComparison.Ordinal);
        var rows = Markup.Rows(main.Descendants("table").Single());
        Assert.Equal(30, rows.Length);
        Assert.All(rows.Take(2), row => Assert.Equal(("dns", "down", "✗ differs"), (Cell(row, 3), Cell(row, 6), Cell(row, 9))));
        Assert.Equal(28, rows.Count(row => Cell(row, 9) == "✓ alike"));
        Assert.Contains(rows, row => Cell(row, 3) == "tcp_ip" && Cell(row, 6) == "anomaly" && Cell(row, 7) == "tcp.timeout" && Cell(row, 9) == "✓ alike");
        Assert.Empty((await Markup.MainAsync(web, "/ooni?since=2020-01-01&until=2020-01-02", key)).Descendants("table"));

        Assert.Equal(before, await OthersAsync(web, key));
        using var asPublic = await web.GetAsync("/ooni");
        Assert.Equal(HttpStatusCode.Unauthorized, asPublic.StatusCode);
        Assert.Contains(await LogAsync(ground), what => what.StartsWith("page ooni", StringComparison.Ordinal));
    }

    static string Cell(XElement row, int column) => row.Elements().ElementAt(column).Text();

    static async Task<string> OthersAsync(WebGround web, string key)
    {
        var pages = new List<string>();
        foreach (var path in new[] { "/api/v1/matrix?cc=IT", "/api/v1/isps", "/api/v1/events", "/api/v1/measurements", "/api/v1/coverage" })
            pages.Add((await web.JsonAsync(path, key)).ToJsonString().Split("\"as_of\"")[0]);
        return string.Join('\n', pages);
    }

    static async Task<IReadOnlyList<string>> LogAsync(AnalysisGround ground)
    {
        await using var command = ground.Store.Source.CreateCommand("select what from access_log");
        await using var reader = await command.ExecuteReaderAsync(WebGround.Ct);
        var lines = new List<string>();
        while (await reader.ReadAsync(WebGround.Ct))
            lines.Add(reader.GetString(0));
        return lines;
    }
}
