using System.Net;
using ProbeNet.Collector.Tests.Api;
using Xunit;

namespace ProbeNet.Collector.Tests.Web.SignIn;

/// <summary>A browser as far as signing in needs one: it follows links by hand and keeps the cookies of the collector, by the collector's own clock.</summary>
sealed class Visitor(WebGround web)
{
    public Dictionary<string, string> Cookies { get; } = new(StringComparer.Ordinal);

    /// <summary>What was set, with its attributes.</summary>
    public List<string> Set { get; } = [];

    public async Task<HttpResponseMessage> GetAsync(string address)
    {
        var own = !Uri.TryCreate(address, UriKind.Absolute, out var url) || url.Scheme == Uri.UriSchemeFile || url.Authority == web.Address.Authority;
        var answer = await web.GetAsync(address, null, own && Cookies.Count > 0 ? [("Cookie", string.Join("; ", Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")))] : []);
        if (own && answer.Headers.TryGetValues("Set-Cookie", out var set))
            foreach (var cookie in set)
            {
                Set.Add(cookie);
                var pair = cookie.Split(';')[0].Split('=', 2);
                if (pair[1].Length == 0)
                    Cookies.Remove(pair[0]);
                else
                    Cookies[pair[0]] = pair[1];
            }
        return answer;
    }

    /// <returns>Where it leads.</returns>
    public async Task<string> FollowAsync(string address)
    {
        using var answer = await GetAsync(address);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return answer.Headers.Location!.OriginalString;
    }

    /// <summary>As far as the provider's answer, which is not followed.</summary>
    public async Task<string> AskAsync() => await FollowAsync(await FollowAsync("/sign-in/provider"));

    /// <param name="alter">Changes the provider's answer on its way.</param>
    /// <returns>The page at the end.</returns>
    public async Task<(HttpStatusCode Status, string Text)> SignInAsync(Func<string, string>? alter = null)
    {
        var back = await AskAsync();
        using var page = await GetAsync(await FollowAsync(alter is null ? back : alter(back)));
        return (page.StatusCode, await page.Content.ReadAsStringAsync(WebGround.Ct));
    }
}
