using ProbeNet.Agent.Identity;
using ProbeNet.Agent.TestLists;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Measurements;

/// <summary>The service's measuring side: takes what the schedule gives and runs it, as long as nothing forbids it.</summary>
sealed partial class MeasurementLoop(
    Schedule schedule, MeasurementRun run, TaskDesk tasks, LeftOut leftOut, TestListStore lists, StateFile<Consent> consents, StateFile<Enrollment> enrollments,
    NetworkKeys keys, NetworkGuard guard, Pause pause, Budget budget, MeasuringState state, MeasurementProgress progress, ScheduleOptions options,
    TimeProvider time, ILogger<MeasurementLoop> logger) : BackgroundService
{
    static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(5);
    static readonly TimeSpan SaveEvery = TimeSpan.FromMinutes(1);

    readonly HashSet<Task> _running = [];
    (TestListSnapshot List, Consent Consent, ulong Key)? _scheduled;
    long _saved;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var free = new SemaphoreSlim(options.AtOnce);
        _saved = time.GetTimestamp();
        try
        {
            while (true)
            {
                await free.WaitAsync(stoppingToken);
                var (input, reason, terms) = await NextAsync(stoppingToken);
                lock (_running)
                    _running.RemoveWhere(task => task.IsCompleted);
                var task = RunAsync(input, reason, terms, () => free.Release(), stoppingToken);
                lock (_running)
                    _running.Add(task);
                SaveBudget(time.GetElapsedTime(_saved) > SaveEvery);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
        await Task.WhenAll(_running);
        SaveBudget(true);
    }

    async Task<(string Input, Reason Reason, RunTerms Terms)> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            progress.Beat();
            var (terms, waiting) = Terms();
            state.Say(waiting);
            if (terms is null)
            {
                await Task.Delay(LookAgain, time, cancellationToken);
                continue;
            }
            Reschedule(terms);
            while (tasks.TryTake(out var task))
                schedule.AddTask(task, urgent: terms.Enrollment.Role == Role.Control);
            if (schedule.Take() is { } next && terms.List.Find(next.Input) is not null)
                return (next.Input, next.Reason, next.Reason == Reason.Task ? terms with { Addresses = tasks.TakeAddresses(next.Input) } : terms);
            var wait = schedule.UntilNext();
            // A list, a pause or a task may come meanwhile.
            await Task.WhenAny(
                Task.Delay(wait < LookAgain ? wait : LookAgain, time, cancellationToken), lists.NextChange, tasks.NextTask);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    (RunTerms? Terms, string Waiting) Terms()
    {
        if (enrollments.Current is not { } enrollment)
            return (null, MeasuringState.NotEnrolled);
        if (consents.Current is not { } consent)
            return (null, MeasuringState.NoConsent);
        if (lists.Current is not { } list)
            return (null, MeasuringState.NoList);
        if (pause.IsOn)
            return (null, MeasuringState.Paused);
        if (CurrentKey() is not { } key)
            return (null, MeasuringState.StateUnwritable);
        var network = guard.Look(enrollment, list, key.Certified);
        if (IsStopped(enrollment, key, network))
            return (null, MeasuringState.Stopped);
        if (network.Pause.Length > 0)
            return (null, network.Pause);
        return budget.HasRoom(network.Line)
            ? (new RunTerms(list, consent, enrollment, key, network), "")
            : (null, MeasuringState.BudgetSpent);
    }

    bool IsStopped(Enrollment enrollment, NetworkKey key, NetworkView network) =>
        lists.Standstill.Holds(
            time.GetUtcNow(), [enrollment.Cc, key.Certified?.Cc ?? "", network.Origin.Cc], [key.Certified?.Asn ?? 0, network.Origin.Asn]);

    // A full disk: what is spooled goes on being sent, and measuring goes on once there is room.
    NetworkKey? CurrentKey()
    {
        try
        {
            return keys.Current();
        }
        catch (IOException)
        {
            return null;
        }
    }

    void Reschedule(RunTerms terms)
    {
        if (_scheduled is { } known && ReferenceEquals(known.List, terms.List) && known.Consent.Equals(terms.Consent) && known.Key == terms.Key.Number)
            return;
        _scheduled = (terms.List, terms.Consent, terms.Key.Number);
        var entries = terms.List.List.Entries.Where(entry => Covers(terms.Consent, entry)).ToList();
        var drawn = entries.Where(entry => !leftOut.Holds(terms.Key.Number, terms.Enrollment.Role == Role.Control, entry)).ToList();
        schedule.Replace(drawn);
        LogSchedule(entries.Count, terms.List.List.Entries.Count, terms.List.Name, terms.List.Version, entries.Count - drawn.Count);
    }

    internal static bool Covers(Consent consent, ListEntry entry) =>
        WebMeasurement.TryReadInput(entry.Input, out var url) && consent.Allows(entry.CategoryCode, url.IdnHost);

    async Task RunAsync(string input, Reason reason, RunTerms terms, Action measured, CancellationToken cancellationToken)
    {
        var once = measured;
        try
        {
            var dropped = await run.RunAsync(input, reason, terms, () => Interlocked.Exchange(ref once, null)?.Invoke(), cancellationToken);
            if (dropped.Length > 0)
                LogDropped(dropped);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            // One input must not end the others; its text may hold an address, so the type alone is logged.
            LogFailed(e.GetType().Name);
        }
    }

    void SaveBudget(bool due)
    {
        if (!due)
            return;
        _saved = time.GetTimestamp();
        try
        {
            budget.Save();
        }
        catch (IOException e)
        {
            LogNotSaved(e.GetType().Name);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Covered} of {Entries} inputs of list {List} version {Version} are covered by consent; {LeftOut} of them are left out by chance")]
    partial void LogSchedule(int covered, int entries, string list, ulong version, int leftOut);

    [LoggerMessage(Level = LogLevel.Information, Message = "A measurement was not kept: {Reason}")]
    partial void LogDropped(string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "A measurement failed: {Type}")]
    partial void LogFailed(string type);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The day's budget could not be saved: {Type}")]
    partial void LogNotSaved(string type);
}
