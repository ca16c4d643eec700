using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.TestLists;
using ProbeNet.Protos.Identifiers;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Measurements;

/// <summary>
/// Decides on the collector's wishes: an entry of the list in force, covered by consent, not expired, and ten a day at
/// most. What else a task says is not looked at.
/// </summary>
sealed class TaskDesk
{
    const int MostPerDay = 10;

    readonly TestListStore _lists;
    readonly StateFile<Consent> _consents;
    readonly TimeProvider _time;
    readonly ConcurrentQueue<(string Input, long Expires)> _waiting = new();
    readonly Lock _lock = new();
    volatile TaskCompletionSource _came = new(TaskCreationOptions.RunContinuationsAsynchronously);
    (uint Day, int Count) _today;

    public TaskDesk(TaskInbox inbox, TestListStore lists, StateFile<Consent> consents, TimeProvider time)
    {
        (_lists, _consents, _time) = (lists, consents, time);
        inbox.Decide = Decide;
    }

    /// <summary>Finished when a task was accepted.</summary>
    public Task NextTask => _came.Task;

    public bool TryTake([NotNullWhen(true)] out string? input)
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        while (_waiting.TryDequeue(out var task))
        {
            input = task.Input;
            if (task.Expires > now)
                return true;
        }
        _came = new(TaskCreationOptions.RunContinuationsAsynchronously);
        input = null;
        return false;
    }

    bool Decide(Protos.V1.Task task)
    {
        var now = _time.GetUtcNow();
        if (task.Expires <= now.ToUnixTimeSeconds() || _lists.Current is not { } list || list.Name != task.List
            || list.Find(task.Input) is not { } entry || _consents.Current is not { Tasks: true } consent || !MeasurementLoop.Covers(consent, entry))
            return false;
        lock (_lock)
        {
            var today = Day.Of(now);
            _today = _today.Day == today ? _today : (today, 0);
            if (_today.Count >= MostPerDay)
                return false;
            _today.Count++;
        }
        _waiting.Enqueue((task.Input, task.Expires));
        _came.TrySetResult();
        return true;
    }
}
