using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using ProbeNet.Testing;
using Xunit;
using static ProbeNet.Collector.Tests.Api.WebGround;

namespace ProbeNet.Collector.Tests.Api.Exports;

/// <summary>What an analyst's program does with exports.</summary>
static class ExportCalls
{
    public static async Task<HttpResponseMessage> SendAsync(WebGround web, HttpMethod method, string path, string? key, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await web.Http.SendAsync(request, Ct);
    }

    public static async Task<JsonNode> AskedAsync(WebGround web, string key, string body)
    {
        using var response = await SendAsync(web, HttpMethod.Post, "/api/v1/exports", key, body);
        var text = await response.Content.ReadAsStringAsync(Ct);
        Assert.True(response.StatusCode == HttpStatusCode.Created, text);
        var asked = JsonNode.Parse(text)!;
        Assert.Equal($"/api/v1/exports/{asked["id"]}", response.Headers.Location!.ToString());
        return asked;
    }

    public static async Task<JsonNode> DoneAsync(WebGround web, JsonNode asked, string key)
    {
        JsonNode now = asked;
        await Eventually.TrueAsync("the export is done", async () =>
        {
            now = await web.JsonAsync($"/api/v1/exports/{asked["id"]}", key);
            return (string)now["state"]! != "running";
        });
        return now;
    }
}
