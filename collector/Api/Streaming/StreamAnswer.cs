using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ProbeNet.Collector.Api.Streaming;

/// <summary>
/// The stream to one reader: a page of what is new is read when the page before is written, so that a slow reader costs no more memory than a quick one.
/// ASP.NET's own writer of such streams knows no comments, which tell a reader that the line is alive.
/// </summary>
sealed class StreamAnswer(Caller caller, Filter filter, StreamPosition? last) : IResult
{
    public const string ContentType = "text/event-stream";

    /// <summary>After so many milliseconds a reader asks again (HTML standard, 9.2).</summary>
    const int Retry = 5000;

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var services = httpContext.RequestServices;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(httpContext.RequestAborted, services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping);
        var headers = httpContext.Response.Headers;
        headers.ContentType = ContentType;
        headers.CacheControl = "private, no-store";
        // Fronts that gather answers would keep news back.
        headers["X-Accel-Buffering"] = "no";
        try
        {
            await FollowAsync(httpContext, services.GetRequiredService<StreamReading>(), services.GetRequiredService<StreamSignal>(), services.GetRequiredService<IOptions<StreamOptions>>().Value.Heartbeat, ending.Token);
        }
        // The reader is gone, or comes back with the id of what came last.
        catch (Exception e) when (e is OperationCanceledException or NpgsqlException or IOException)
        {
        }
    }

    async Task FollowAsync(HttpContext context, StreamReading reading, StreamSignal signal, TimeSpan heartbeat, CancellationToken ct)
    {
        var newest = await reading.NewestAsync(ct);
        // A later one than there is comes from another store, or from before a backup was restored.
        var position = last is { } asked ? new(Math.Min(asked.Cell, newest.Cell), Math.Min(asked.Event, newest.Event)) : newest;
        await WriteAsync(context, $"retry: {Retry}\nid: {position}\n\n", ct);
        while (true)
        {
            while (position.IsBefore(newest))
            {
                (var items, position) = await reading.AfterAsync(caller, filter, position, newest, ct);
                foreach (var item in items)
                    await WriteAsync(context, $"event: {item.Kind}\nid: {item.Position}\ndata: {JsonSerializer.Serialize(item.Content, Json.Options)}\n\n", ct);
            }
            if (await signal.AfterAsync(position, heartbeat, ct) is { } later)
                newest = later;
            else if (await context.RequestServices.GetRequiredService<Callers>().OfAsync(context) == caller)
                // Without data it is no item, but what was passed over is not read again.
                await WriteAsync(context, $": nothing new\nid: {position}\n\n", ct);
            else
                return;
        }
    }

    static async Task WriteAsync(HttpContext context, string text, CancellationToken ct)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(text), ct);
        await context.Response.Body.FlushAsync(ct);
    }
}
