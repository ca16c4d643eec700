using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.TestLists;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Measurements;

/// <summary>
/// Decides on the collector's wishes: an entry of the list in force, covered by consent, not expired, and ten a day at
/// most. It is run within the hour or not at all. What else a task says is not looked at, but for the addresses that a control is to try beside its own: those that
/// volunteers got for the name.
/// </summary>
sealed class TaskDesk
{
    const int MostPerDay = 10;
    const int MostPerDayOfControls = 20_000;
    const int MostAddresses = 16;

    static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    readonly TestListStore _lists;
    readonly LeftOut _leftOut;
    readonly NetworkKeys _keys;
    readonly StateFile<Consent> _consents;
    readonly StateFile<Enrollment> _enrollments;
    readonly TimeProvider _time;
    readonly ConcurrentQueue<(string Input, long Expires)> _waiting = new();
    readonly ConcurrentDictionary<string, IReadOnlyList<IPAddress>> _addresses = new(StringComparer.Ordinal);
    readonly Lock _lock = new();
    readonly StateFile<TaskTally> _tally;
    volatile TaskCompletionSource _came = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskDesk(
        TaskInbox inbox, TestListStore lists, LeftOut leftOut, NetworkKeys keys, StateFile<Consent> consents, StateFile<Enrollment> enrollments,
        StateFile<TaskTally> tally, TimeProvider time)
    {
        (_leftOut, _keys) = (leftOut, keys);
        (_lists, _consents, _enrollments, _tally, _time) = (lists, consents, enrollments, tally, time);
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

    /// <summary>What a control was asked to try for the input, once. Empty for volunteers, whatever a task says.</summary>
    public IReadOnlyList<IPAddress> TakeAddresses(string input) => _addresses.TryRemove(input, out var addresses) ? addresses : [];

    bool Decide(Protos.V1.Task task)
    {
        var now = _time.GetUtcNow();
        // A control stands where its operator put it, to be asked.
        var control = _enrollments.Current is { Role: Role.Control };
        lock (_lock)
        {
            var today = Today(_tally.Current, Day.Of(now));
            var taken = today.Accepted < MostOf(control) && IsWelcome(task, control, now);
            if (taken)
                today.Accepted++;
            else
                today.Refused++;
            // Counted before it is run: a restart must not begin the day's ten anew.
            if (!TrySave(today) || !taken)
                return false;
        }
        if (control)
            _addresses[task.Input] = [.. task.Addresses.Where(bytes => bytes.Length is 4 or 16).Take(MostAddresses).Select(bytes => new IPAddress(bytes.Span))];
        _waiting.Enqueue((task.Input, Math.Min(task.Expires, (now + Longest).ToUnixTimeSeconds())));
        _came.TrySetResult();
        return true;
    }

    bool IsWelcome(Protos.V1.Task task, bool control, DateTimeOffset now) =>
        task.Expires > now.ToUnixTimeSeconds() && _lists.Current is { } list && list.Name == task.List
        && list.Find(task.Input) is { } entry && _consents.Current is { } consent && (control || consent.Tasks) && MeasurementLoop.Covers(consent, entry)
        && !IsLeftOut(entry, control);

    // Refused like what the volunteer refused: else a task would tell the one from the other.
    bool IsLeftOut(ListEntry entry, bool control)
    {
        try
        {
            return _leftOut.Holds(_keys.Current().Number, control, entry);
        }
        catch (IOException)
        {
            return true;
        }
    }

    /// <summary>Tasks taken of a day at most.</summary>
    public static int MostOf(bool control) => control ? MostPerDayOfControls : MostPerDay;

    /// <summary>The counts of that day: a copy, zero where nothing was asked yet.</summary>
    public static TaskTally Today(TaskTally? kept, uint day) => kept?.Day == day ? kept.Clone() : new TaskTally { Day = day };

    bool TrySave(TaskTally tally)
    {
        try
        {
            _tally.Save(tally);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
