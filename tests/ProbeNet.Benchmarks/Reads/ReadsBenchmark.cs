using System.Diagnostics;
using System.Text;
using System.Text.Json;
using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Benchmarks.Reads;

/// <summary>The matrix of 500 sites, 30 providers and 30 days, its page in a browser, and reading while measurements arrive.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
static class ReadsBenchmark
{
    const int PerSecond = 5;
    const int MostBytes = 300_000;

    static readonly TimeSpan Lasts = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Server = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan View = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(BenchmarkOptions options, CancellationToken ct)
    {
        await using var ground = await ReadsGround.StartAsync(options, ct);
        var held = true;
        if (options.Parts.Contains("matrix"))
            held &= await MatrixAsync("analyst", ground.Analyst, ground, ground.AnalystMonth, ct) & await MatrixAsync("public", ground.Public, ground, ground.PublicMonth, ct);
        if (options.Parts.Contains("view"))
            held &= await ViewAsync(ground, ct);
        if (options.Parts.Contains("mix"))
            held &= await ReadMix.RunAsync(ground, ct);
        Console.WriteLine(held ? "every figure holds" : "A FIGURE IS MISSED");
        return held ? 0 : 1;
    }

    static async Task<bool> MatrixAsync(string who, HttpClient reader, ReadsGround ground, CellWindow month, CancellationToken ct)
    {
        var cells = ground.Made.Targets * ground.Made.Providers;
        var (data, _) = await TakeAsync($"{who}, data", reader, ReadsGround.Asked("api/v1/matrix", month), body =>
        {
            using var matrix = JsonDocument.Parse(body);
            var shown = matrix.RootElement.GetProperty("cells");
            return shown.GetArrayLength() == cells && shown.EnumerateArray().Count(cell => cell.GetProperty("state").GetString() != "insufficient") > cells * 0.9;
        }, ct);
        var (page, bytes) = await TakeAsync($"{who}, page", reader, ReadsGround.Asked("matrix", month), body => Encoding.UTF8.GetString(body).Split("<td").Length - 1 == cells, ct);
        return data.P95 <= Server && page.P95 <= Server && bytes <= MostBytes;
    }

    // The first answer is made for the one who asks; what it is made of, and it itself, are kept for a while.
    static async Task<(Latencies Taken, int Travelled)> TakeAsync(string what, HttpClient reader, string path, Func<byte[], bool> isWhole, CancellationToken ct)
    {
        var start = Stopwatch.GetTimestamp();
        var (body, travelled) = await ReadsGround.ReadAsync(reader, path, ct);
        var first = Stopwatch.GetElapsedTime(start);
        if (!isWhole(body))
            throw new InvalidOperationException($"{path}: cells are missing.");
        var replies = await OpenLoop.AskAsync(PerSecond, Lasts, _ => new(what, reader, path), ct);
        if (replies.Any(reply => reply.Status != 200))
            throw new InvalidOperationException($"{path}: not every answer is a 200.");
        var taken = new Latencies(replies.Select(reply => reply.Taken));
        Console.WriteLine($"{what} of 30 days: {taken}; the first {first.TotalMilliseconds:0} ms; {body.Length:N0} B, {travelled:N0} B as sent");
        return (taken, travelled);
    }

    static async Task<bool> ViewAsync(ReadsGround ground, CancellationToken ct)
    {
        var views = await FirstView.TakeAsync(new(ground.Collector.Web, ReadsGround.Asked("matrix", ground.PublicMonth)), ct);
        Console.WriteLine($"the public's page in a browser that has seen nothing: first paint {views.Painted}; all of it laid out {views.Loaded}");
        return views.Painted.P95 <= View;
    }
}
