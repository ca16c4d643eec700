using System.Collections.Concurrent;
using System.Diagnostics;

namespace ProbeNet.Benchmarks.Reads;

/// <param name="Kind">What was asked, for the report.</param>
sealed record Question(string Kind, HttpClient Reader, string Path);

/// <param name="Status">0 where none came.</param>
/// <param name="Bytes">As they travelled.</param>
/// <param name="Taken">From when it was due, not from when it was sent.</param>
sealed record Reply(string Kind, int Status, int Bytes, TimeSpan Taken);

/// <summary>Readers who know nothing of each other: each request is sent when it is due, whatever became of those before it.</summary>
static class OpenLoop
{
    public static async Task<IReadOnlyCollection<Reply>> AskAsync(int perSecond, TimeSpan lasts, Func<int, Question> next, CancellationToken ct)
    {
        var replies = new ConcurrentBag<Reply>();
        var asking = new List<Task>();
        var start = Stopwatch.GetTimestamp();
        for (var n = 0; n < perSecond * (int)lasts.TotalSeconds; n++)
        {
            var due = TimeSpan.FromSeconds((double)n / perSecond);
            if (Stopwatch.GetElapsedTime(start) is var passed && passed < due)
                await Task.Delay(due - passed, ct);
            var question = next(n);
            asking.Add(Task.Run(async () =>
            {
                var (status, bytes) = await AnswerAsync(question, ct);
                replies.Add(new(question.Kind, status, bytes, Stopwatch.GetElapsedTime(start) - due));
            }, ct));
        }
        await Task.WhenAll(asking);
        return replies;
    }

    static async Task<(int Status, int Bytes)> AnswerAsync(Question question, CancellationToken ct)
    {
        try
        {
            using var answer = await question.Reader.GetAsync(question.Path, ct);
            return ((int)answer.StatusCode, (await answer.Content.ReadAsByteArrayAsync(ct)).Length);
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is HttpRequestException or TaskCanceledException)
        {
            return (0, 0);
        }
    }
}
