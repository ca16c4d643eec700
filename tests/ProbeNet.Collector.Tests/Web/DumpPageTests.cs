using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using ProbeNet.Collector.Api.Dumps;
using ProbeNet.Collector.Tests.Api;
using Xunit;

namespace ProbeNet.Collector.Tests.Web;

public sealed partial class DumpPageTests(SparseCountry country) : IClassFixture<SparseCountry>
{
    [Fact]
    public async Task Every_public_day_leads_to_its_files_and_the_page_says_how_to_read_them()
    {
        await country.Web.Services.GetRequiredService<DumpMaker>().RunOnceAsync(again: false, WebGround.Ct);
        var days = (await country.Web.JsonAsync("/api/v1/dumps"))["items"]!.AsArray();
        Assert.NotEmpty(days);
        var page = await PageAsync("/dumps");
        var links = FileLink().Matches(page).Select(match => match.Groups["path"].Value).ToArray();
        Assert.Equal(days.Count * 4, links.Distinct(StringComparer.Ordinal).Count());
        foreach (var link in links.Take(4))
            using (var file = await country.Web.GetAsync(link))
                Assert.Equal(HttpStatusCode.OK, file.StatusCode);
        Assert.Contains("CC BY 4.0", page, StringComparison.Ordinal);
        Assert.Contains("from &#x27;cells-*.parquet&#x27;", page, StringComparison.Ordinal);
        Assert.Contains($"href=\"/api/v1/dumps/{(string)days[0]!["day"]!}\"", page, StringComparison.Ordinal);
    }

    async Task<string> PageAsync(string path)
    {
        using var answer = await country.Web.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(WebGround.Ct);
    }

    [GeneratedRegex("""href="(?<path>/api/v1/dumps/[^"]*/[^"/]+\.(parquet|csv\.gz))" """, RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex FileLink();
}
