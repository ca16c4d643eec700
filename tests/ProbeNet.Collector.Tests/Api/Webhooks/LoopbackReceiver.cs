using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Xunit;

namespace ProbeNet.Collector.Tests.Api.Webhooks;

/// <param name="Time">As its header says.</param>
sealed record Received(string Path, string Id, DateTimeOffset Time, string Signature, byte[] Body)
{
    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>As a receiver would, from the specification alone.</summary>
    public void AssertSignedWith(string secret)
    {
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        Assert.InRange(key.Length, 24, 64);
        var signed = Encoding.UTF8.GetBytes($"{Id}.{Time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}.").Concat(Body).ToArray();
        Assert.Equal("v1," + Convert.ToBase64String(HMACSHA256.HashData(key, signed)), Signature);
    }
}

/// <summary>Takes webhooks on loopback and answers as it is told, 204 without being told.</summary>
sealed class LoopbackReceiver : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly ConcurrentQueue<Received> _received = [];

    LoopbackReceiver(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.Single() + "/hook");

    public Received[] All => [.. _received];

    public ConcurrentQueue<int> Answers { get; } = [];

    public static async Task<LoopbackReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var receiver = new LoopbackReceiver(builder.Build());
        receiver._app.Run(receiver.TakeAsync);
        await receiver._app.StartAsync(WebGround.Ct);
        return receiver;
    }

    async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        string Header(string name) => context.Request.Headers[name].ToString();
        _received.Enqueue(new(context.Request.Path, Header("webhook-id"), DateTimeOffset.FromUnixTimeSeconds(long.Parse(Header("webhook-timestamp"), CultureInfo.InvariantCulture)), Header("webhook-signature"), body.ToArray()));
        context.Response.StatusCode = Answers.TryDequeue(out var status) ? status : StatusCodes.Status204NoContent;
        if (context.Response.StatusCode == StatusCodes.Status307TemporaryRedirect)
            context.Response.Headers.Location = Address.GetLeftPart(UriPartial.Authority) + "/elsewhere";
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }
}
