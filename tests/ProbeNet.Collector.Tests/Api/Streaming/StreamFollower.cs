using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using ProbeNet.Testing;

namespace ProbeNet.Collector.Tests.Api.Streaming;

/// <param name="Kind">Null of what is no item: a heartbeat, the first lines.</param>
sealed record Heard(string? Kind, string Id, JsonNode? Data);

/// <summary>Follows /stream and lets the collector's clock run on while it waits.</summary>
sealed class StreamFollower : IDisposable
{
    readonly HttpResponseMessage _response;
    readonly StreamReader _text;
    readonly FakeTimeProvider _clock;

    StreamFollower(HttpResponseMessage response, StreamReader text, FakeTimeProvider clock) => (_response, _text, _clock) = (response, text, clock);

    public HttpStatusCode Status => _response.StatusCode;

    public string? MediaType => _response.Content.Headers.ContentType?.MediaType;

    public static async Task<StreamFollower> BeginAsync(WebGround web, string key, string query = "", string? last = null)
    {
        var response = await web.GetAsync("/api/v1/stream" + query, key, last is null ? [] : [("Last-Event-ID", last)]);
        return new(response, new(await response.Content.ReadAsStreamAsync(WebGround.Ct)), web.Ground.Store.Clock);
    }

    /// <summary>The next block, whatever it is; null when the stream has ended.</summary>
    public async Task<Heard?> NextAsync()
    {
        var (kind, id, data) = (default(string), "", default(string));
        for (var any = false; ; any = true)
        {
            var reading = _text.ReadLineAsync(WebGround.Ct).AsTask();
            await Eventually.TrueAsync("a line of the stream", () =>
            {
                if (!reading.IsCompleted)
                    _clock.Advance(TimeSpan.FromMilliseconds(500));
                return reading.IsCompleted;
            });
            if (await reading is not { } line)
                return null;
            if (line.Length == 0 && any)
                return new(kind, id, data is null ? null : JsonNode.Parse(data));
            (kind, id, data) = line.Split(": ", 2) switch
            {
                ["event", var value] => (value, id, data),
                ["id", var value] => (kind, value, data),
                ["data", var value] => (kind, id, value),
                _ => (kind, id, data),
            };
        }
    }

    /// <summary>The next item of a kind that passes; heartbeats and others are passed over.</summary>
    public async Task<Heard> NextAsync(string kind, Func<JsonNode, bool> passes)
    {
        while (await NextAsync() is { } heard)
            if (heard.Kind == kind && passes(heard.Data!))
                return heard;
        throw new EndOfStreamException($"The stream ended before {kind}.");
    }

    /// <summary>All items until nothing was new for a heartbeat.</summary>
    public async Task<IReadOnlyList<Heard>> UntilQuietAsync()
    {
        var heard = new List<Heard>();
        while (await NextAsync() is { Kind: not null } item)
            heard.Add(item);
        return heard;
    }

    public void Dispose()
    {
        _text.Dispose();
        _response.Dispose();
    }
}
