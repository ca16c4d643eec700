using System.Net;
using ProbeNet.Collector.Tests.Api;
using Xunit;

namespace ProbeNet.Collector.Tests.Web;

public sealed class LanguageTests(InventedCountry country) : IClassFixture<InventedCountry>
{
    [Theory]
    [InlineData("/matrix", "km-KH,en;q=0.5", "km")]
    [InlineData("/matrix", "fr,en;q=0.8,km;q=0.3", "en")]
    [InlineData("/matrix", "fr", "en")]
    [InlineData("/matrix?lang=km", "en", "km")]
    [InlineData("/matrix?lang=en", "km", "en")]
    [InlineData("/matrix", "\"nonsense", "en")]
    public async Task A_page_is_in_the_language_of_its_address_or_of_the_browser(string path, string accepted, string language)
    {
        using var answer = await country.Web.GetAsync(path, null, ("Accept-Language", accepted));
        var page = await answer.Content.ReadAsStringAsync(WebGround.Ct);
        Assert.Contains($"<html lang=\"{language}\">", page, StringComparison.Ordinal);
        Assert.Equal(language == "km", page.Contains("ព្រឹត្តិការណ៍", StringComparison.Ordinal));
        Assert.Contains("Accept-Language", string.Join(',', answer.Headers.Vary), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_language_that_the_address_asks_for_goes_along_with_every_link()
    {
        var main = await Markup.MainAsync(country.Web, "/matrix?cc=KH&lang=km");
        Assert.All(main.Descendants("a").Select(a => (string)a.Attribute("href")!).Where(href => !href.StartsWith("/api/", StringComparison.Ordinal) && !href.Contains(".csv", StringComparison.Ordinal)),
            href => Assert.EndsWith("lang=km", href, StringComparison.Ordinal));
        using var answer = await country.Web.GetAsync("/matrix?lang=fr");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }
}
