using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Measurements;

/// <summary>
/// What is measured when: priority inputs every interval, the others every other interval, both more seldom where the list
/// says so, tasks in between, and never more starts a minute than the rate, what a control is asked for apart. It holds no
/// timer; whoever runs it asks.
/// </summary>
sealed class Schedule(ScheduleOptions options, AddressMemory memory, TimeProvider time, Random random)
{
    /// <summary>Inputs that a list may mark as priority; more are treated as the others.</summary>
    public const int MostPriority = 60;

    // Where both rounds wait, the hourly one gets three starts of four.
    const double PriorityShare = 0.75;

    readonly Queue<string> _tasks = new();
    readonly Queue<string> _urgent = new();
    Dictionary<Pace, Round> _rounds = [];
    DateTimeOffset _notBefore = DateTimeOffset.MinValue;

    bool IsEmpty => _rounds.Values.All(round => round.IsEmpty);

    /// <param name="entries">Those alone that consent covers.</param>
    public void Replace(IEnumerable<ListEntry> entries)
    {
        var all = entries.DistinctBy(entry => entry.Input).ToList();
        var priority = all.Where(entry => entry.Priority).Take(MostPriority).Select(entry => entry.Input).ToHashSet(StringComparer.Ordinal);
        var paces = all.ToLookup(entry => PaceOf(entry, priority.Contains(entry.Input)), entry => entry.Input);
        // A round whose pace nobody has any more ends; the others go on where they are.
        _rounds = paces.ToDictionary(pace => pace.Key, pace => _rounds.GetValueOrDefault(pace.Key) ?? new(pace.Key.Interval, options.Share, memory, random));
        foreach (var pace in paces)
            _rounds[pace.Key].Replace([.. pace]);
    }

    /// <param name="urgent">Of a control: volunteers' findings wait for it, so the rate does not hold it back.</param>
    public void AddTask(string input, bool urgent = false) => (urgent ? _urgent : _tasks).Enqueue(input);

    /// <summary>The input whose turn it is, or null; then <see cref="UntilNext"/> says how long to wait.</summary>
    public (string Input, Reason Reason)? Take()
    {
        if (_urgent.TryDequeue(out var urgent))
            return (urgent, Reason.Task);
        var now = time.GetUtcNow();
        if (now < _notBefore)
            return null;
        foreach (var round in _rounds.Values)
            round.Begin(now);
        if (Pick() is not { } picked)
            return null;
        var gap = TimeSpan.FromMinutes(1 / options.Rate);
        _notBefore = now + gap * (1 + options.Jitter * (2 * random.NextDouble() - 1));
        return picked;
    }

    /// <summary>At least until something can be due; never more than a minute, for lists and tasks come in between.</summary>
    public TimeSpan UntilNext()
    {
        if (_urgent.Count > 0)
            return TimeSpan.Zero;
        var now = time.GetUtcNow();
        var waiting = _tasks.Count > 0 || !IsEmpty;
        var starts = _rounds.Values.Select(round => round.NextStart).Where(start => start is not null).Select(start => start!.Value);
        var next = waiting ? _notBefore : starts.DefaultIfEmpty(now + TimeSpan.FromMinutes(1)).Min();
        if (next < _notBefore)
            next = _notBefore;
        var wait = next - now;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > TimeSpan.FromMinutes(1) ? TimeSpan.FromMinutes(1) : wait;
    }

    (string, Reason)? Pick()
    {
        if (_tasks.TryDequeue(out var task))
            return (task, Reason.Task);
        if (IsEmpty)
            return null;
        var full = _rounds.Where(pace => !pace.Value.IsEmpty).ToLookup(pace => pace.Key.Priority, pace => pace.Value);
        var fromPriority = !full[false].Any() || (full[true].Any() && random.NextDouble() < PriorityShare);
        var rounds = full[fromPriority].ToList();
        return (rounds[rounds.Count == 1 ? 0 : random.Next(rounds.Count)].Take(), Reason.Scheduled);
    }

    // A list may ask for less than the agent does by itself, never for more.
    Pace PaceOf(ListEntry entry, bool priority)
    {
        var (own, wanted) = (priority ? options.Interval : options.OtherInterval, TimeSpan.FromHours(entry.CadenceHours));
        return new(priority, wanted > own ? wanted : own);
    }

    readonly record struct Pace(bool Priority, TimeSpan Interval);
}
