using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Playwright;
using ProbeNet.Collector.Api;
using ProbeNet.Collector.Store;
using ProbeNet.Collector.Tests.Analysis;
using ProbeNet.Collector.Tests.Api;
using Xunit;

namespace ProbeNet.Collector.Tests.Web.SignIn;

/// <summary>Operators and analysts who sign in with an account of their organisation, at a provider on loopback.</summary>
public sealed class ProviderSignInTests : IAsyncLifetime
{
    readonly string _secret = Path.GetTempFileName();
    AnalysisGround? _ground;
    LoopbackProvider? _provider;
    WebGround? _web;

    LoopbackProvider Provider => _provider!;

    WebGround Web => _web!;

    public async ValueTask InitializeAsync()
    {
        // A browser holds the dates of cookies against a clock of its own.
        _ground = await AnalysisGround.OnPostgresAsync(TimeProvider.System.GetUtcNow());
        _provider = await LoopbackProvider.StartAsync(_ground.Store.Clock);
        await File.WriteAllTextAsync(_secret, LoopbackProvider.Secret + "\n", WebGround.Ct);
        _web = await WebGround.StartAsync(
            _ground, $"Collector:Web:SignIn:Authority={Provider.Issuer}", $"Collector:Web:SignIn:ClientId={LoopbackProvider.Client}", $"Collector:Web:SignIn:SecretFile={_secret}",
            "Collector:Web:SignIn:Operators:0=probenet-operators", "Collector:Web:SignIn:Analysts:0=probenet-analysts");
    }

    public async ValueTask DisposeAsync()
    {
        if (_web is not null)
            await _web.DisposeAsync();
        if (_provider is not null)
            await _provider.DisposeAsync();
        File.Delete(_secret);
    }

    [Theory]
    [InlineData("RS256", "probenet-operators", HttpStatusCode.OK)]
    [InlineData("ES256", "probenet-analysts", HttpStatusCode.Forbidden)]
    public async Task An_account_signs_in_with_the_role_of_its_group_and_has_the_session_of_everybody(string algorithm, string group, HttpStatusCode webhooks)
    {
        (Provider.Algorithm, Provider.Claims) = (algorithm, claims => claims["groups"] = new JsonArray("staff", group));
        var visitor = new Visitor(Web);
        using (var page = await visitor.GetAsync("/sign-in"))
            Assert.Contains("href=\"/sign-in/provider\"", await page.Content.ReadAsStringAsync(WebGround.Ct), StringComparison.Ordinal);
        var (status, text) = await visitor.SignInAsync();
        Assert.True(status == HttpStatusCode.OK, text);
        Assert.Equal([Callers.Cookie], visitor.Cookies.Keys);
        var session = Assert.Single(visitor.Set, cookie => cookie.StartsWith(Callers.Cookie, StringComparison.Ordinal)).ToLowerInvariant();
        Assert.Contains("samesite=strict", session, StringComparison.Ordinal);
        Assert.Contains("httponly", session, StringComparison.Ordinal);
        Assert.Contains("max-age=43200", session, StringComparison.Ordinal);
        Assert.All(visitor.Set, cookie => Assert.Contains("httponly", cookie.ToLowerInvariant(), StringComparison.Ordinal));

        Assert.Equal((HttpStatusCode.OK, webhooks), (await StatusAsync(visitor, "/measurements"), await StatusAsync(visitor, "/api/v1/webhooks")));
        var keys = new ApiKeys(Web.Ground.Store.Source, Web.Ground.Store.Clock);
        var person = Assert.Single(await keys.ListAsync(WebGround.Ct));
        Assert.Equal("sokha", person.Name);
        Assert.Equal(person.Id, await Web.Ground.Store.ReadAsync<string>("select distinct key_id from access_log"));

        // The same person again is the same key, whose role follows; revoking it ends the session and keeps the person out.
        Provider.Claims = claims => claims["groups"] = new JsonArray("probenet-analysts");
        Assert.Equal(HttpStatusCode.OK, (await new Visitor(Web).SignInAsync()).Status);
        Assert.Equal((person.Id, ApiRole.Analyst), (Assert.Single(await keys.ListAsync(WebGround.Ct)).Id, (await keys.ListAsync(WebGround.Ct))[0].Role));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(visitor, "/api/v1/webhooks"));
        Assert.True(await keys.RevokeAsync(person.Id, WebGround.Ct));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(visitor, "/measurements"));
        Assert.Equal(HttpStatusCode.Forbidden, (await new Visitor(Web).SignInAsync()).Status);
    }

    [Fact]
    public async Task A_browser_that_comes_back_from_another_site_is_signed_in()
    {
        await using var browser = await TestBrowser.StartAsync();
        // By its name the same machine is another site than the provider's, so that browsers keep strict cookies back.
        var page = await browser.PageAsync(new UriBuilder(Web.Address) { Host = "localhost" }.Uri);
        await page.GotoAsync("/sign-in");
        await page.Locator("main a[href='/sign-in/provider']").ClickAsync();
        await page.WaitForURLAsync(address => address.StartsWith("http://localhost", StringComparison.Ordinal) && !address.Contains("code=", StringComparison.Ordinal));
        Assert.True((await page.Context.CookiesAsync()).Single() is { HttpOnly: true, SameSite: SameSiteAttribute.Strict });
        await page.Locator("main a").First.ClickAsync();
        await page.GotoAsync("/measurements");
        Assert.Equal("Measurements", await page.Locator("h1").InnerTextAsync());
        await page.Locator("header button").ClickAsync();
        Assert.Empty(await page.Context.CookiesAsync());
        Assert.StartsWith($"asked elsewhere: {Provider.Issuer}/authorize", Assert.Single(browser.Complaints), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_ends_after_twelve_hours()
    {
        var visitor = new Visitor(Web);
        Assert.Equal(HttpStatusCode.OK, (await visitor.SignInAsync()).Status);
        Web.Ground.Store.Clock.Advance(TimeSpan.FromHours(12) - TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(visitor, "/measurements"));
        Web.Ground.Store.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(visitor, "/measurements"));
    }

    public static TheoryData<string> Wrong => ["nonce", "no nonce", "expired", "not yet", "audience", "issuer", "signature", "unsigned", "shared secret", "no subject"];

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_token_that_is_wrong_in_one_thing_opens_nothing(string what)
    {
        Provider.Algorithm = what switch { "unsigned" => "none", "shared secret" => "HS256", _ => "RS256" };
        Provider.Claims = claims => Alter(claims, what, Web.Ground.Store.Clock.GetUtcNow().ToUnixTimeSeconds());
        if (what == "signature")
            Provider.Token = token => token[..^4] + (token.EndsWith("AAAA", StringComparison.Ordinal) ? "BBBB" : "AAAA");
        await RefusedAsync(HttpStatusCode.Unauthorized);
        Assert.Equal(1, Provider.Redeemed);
    }

    [Fact]
    public async Task An_account_without_a_role_is_told_so()
    {
        foreach (var claims in new Action<JsonObject>[] { c => c.Remove("groups"), c => c["groups"] = "probenet-operators-of-another", c => c["groups"] = new JsonArray() })
        {
            Provider.Claims = claims;
            await RefusedAsync(HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task An_answer_that_nobody_asked_for_opens_nothing()
    {
        await RefusedAsync(HttpStatusCode.Unauthorized, back => back.Replace("state=", "state=x", StringComparison.Ordinal));
        await RefusedAsync(HttpStatusCode.Unauthorized, back => back[..back.IndexOf("&state=", StringComparison.Ordinal)]);
        await RefusedAsync(HttpStatusCode.Unauthorized, back => back.Replace("code=", "code=x", StringComparison.Ordinal));
        await RefusedAsync(HttpStatusCode.Unauthorized, back => back.Replace("code=", "error=access_denied&was=", StringComparison.Ordinal));
        Assert.Equal(0, Provider.Redeemed);
        // Another browser's answer, and the same answer twice.
        var back = await new Visitor(Web).AskAsync();
        var stranger = new Visitor(Web);
        using (var page = await stranger.GetAsync(await stranger.FollowAsync(back)))
            Assert.Equal(HttpStatusCode.Unauthorized, page.StatusCode);
        var visitor = new Visitor(Web);
        var once = await visitor.AskAsync();
        var held = new Dictionary<string, string>(visitor.Cookies, StringComparer.Ordinal);
        await visitor.FollowAsync(once);
        var again = new Visitor(Web);
        foreach (var (name, value) in held)
            again.Cookies[name] = value;
        using var twice = await again.GetAsync(await again.FollowAsync(once));
        Assert.Equal(HttpStatusCode.Unauthorized, twice.StatusCode);
        Assert.DoesNotContain(Callers.Cookie, again.Cookies.Keys);
        Assert.Equal(1, Provider.Redeemed);
    }

    [Fact]
    public async Task A_provider_that_is_away_is_no_fault_of_the_page_and_keys_go_on()
    {
        await using var web = await WebGround.StartAsync(
            await AnalysisGround.OnPostgresAsync(), "Collector:Web:SignIn:Authority=http://127.0.0.1:1", "Collector:Web:SignIn:ClientId=c", "Collector:Web:SignIn:Operators:0=o");
        using (var away = await web.GetAsync("/sign-in/provider"))
            Assert.Equal(HttpStatusCode.BadGateway, away.StatusCode);
        using var form = new FormUrlEncodedContent([new("key", await web.KeyAsync())]);
        using var signedIn = await web.Http.PostAsync("/sign-in", form, WebGround.Ct);
        Assert.Equal(HttpStatusCode.SeeOther, signedIn.StatusCode);
    }

    static void Alter(JsonObject claims, string what, long now)
    {
        switch (what)
        {
            case "nonce":
                claims["nonce"] = (string)claims["nonce"]! + "x";
                break;
            case "no nonce":
                claims.Remove("nonce");
                break;
            case "expired":
                (claims["iat"], claims["exp"]) = (now - 1000, now - 120);
                break;
            case "not yet":
                claims["nbf"] = now + 600;
                break;
            case "audience":
                claims["aud"] = "another";
                break;
            case "issuer":
                claims["iss"] = "https://another.example";
                break;
            case "no subject":
                claims.Remove("sub");
                break;
        }
    }

    async Task RefusedAsync(HttpStatusCode expected, Func<string, string>? alter = null)
    {
        var visitor = new Visitor(Web);
        var (status, text) = await visitor.SignInAsync(alter);
        Assert.True(status == expected, $"{status} {text}");
        Assert.DoesNotContain(Callers.Cookie, visitor.Cookies.Keys);
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(visitor, "/measurements"));
        Assert.Equal(0, await Web.Ground.Store.CountAsync("sign_in"));
    }

    static async Task<HttpStatusCode> StatusAsync(Visitor visitor, string path)
    {
        using var answer = await visitor.GetAsync(path);
        return answer.StatusCode;
    }
}
