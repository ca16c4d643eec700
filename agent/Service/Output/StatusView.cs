using System.Globalization;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Measurements;
using ProbeNet.Agent.Sealing;
using ProbeNet.Agent.TestLists;
using ProbeNet.Agent.Uplink;
using ProbeNet.Protos.Identifiers;

namespace ProbeNet.Agent.Service.Output;

/// <summary>What the agent does now. Holds no address, and no input.</summary>
sealed record StatusView(
    string Version, bool Joined, string? Role, string? Cc, bool Running, bool Paused, DateTimeOffset? PausedUntil, WaitingView? Waiting,
    ConsentView? Consent, ConnectionView Connection, SpoolView Spool, BudgetView Budget, ListView? List, TasksView Tasks, KeysView Keys)
{
    public static StatusView Read(IServiceProvider services)
    {
        var directory = services.GetRequiredService<StateDirectory>();
        var time = services.GetRequiredService<TimeProvider>();
        var joined = services.GetRequiredService<StateFile<Enrollment>>().Current;
        var running = IsRunning(directory);
        var until = services.GetRequiredService<Pause>().Until;
        return new(
            AgentVersion.Text,
            joined is not null,
            joined is null ? null : joined.Role == Protos.V1.Role.Control ? "control" : "agent",
            joined?.Cc is { Length: > 0 } cc ? cc : null,
            running,
            until is not null,
            until == DateTimeOffset.MaxValue ? null : until,
            running && services.GetRequiredService<StateFile<Waiting>>().Current is { Reason.Length: > 0 } waiting ? WaitingView.Of(waiting) : null,
            services.GetRequiredService<StateFile<Consent>>().Current is { } consent ? ConsentView.Of(consent) : null,
            ConnectionView.Of(services.GetRequiredService<StateFile<UplinkState>>().Current),
            SpoolView.Of(SpoolStatus.Read(directory, time)),
            BudgetView.Read(services, Day.Of(time.GetUtcNow())),
            ListView.Read(services, time.GetUtcNow()),
            TasksView.Of(TaskDesk.Today(services.GetRequiredService<StateFile<TaskTally>>().Current, Day.Of(time.GetUtcNow())), joined is { Role: Protos.V1.Role.Control }),
            KeysView.Of(services.GetRequiredService<NetworkKeys>().All(), Day.Of(time.GetUtcNow())));
    }

    public IEnumerable<(string, string)> Rows() =>
    [
        ("version", Version),
        ("service", (Running ? "running" : "not running") + (Paused ? $", paused until {PausedUntil?.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? "resume"}" : "")),
        .. Waiting is null ? [] : (IEnumerable<(string, string)>)[("waits", Waiting.Line())],
        ("joined", Joined ? $"yes, as {Role}{(Cc is null ? "" : $" in {Cc}")}" : "no: run 'probenet-agent enroll'"),
        ("consent", Consent is null ? "none: nothing is measured" : string.Join(' ', Consent.Categories)),
        ("connection", Connection.Line()),
        ("list", List?.Line() ?? "none yet"),
        .. List?.Rows() ?? [],
        ("tasks", $"{Tasks.Accepted} taken and {Tasks.Refused} refused today, {Tasks.MostPerDay} a day at most"),
        ("keys", $"{Keys.Certified} of {Keys.Kept} certified, {Keys.Serving} serving"),
        ("budget", $"{Budget.SpentBytes / 1000} of {Budget.LimitBytes / 1000} kB measured with today"),
        .. Spool.Rows(),
    ];

    static bool IsRunning(StateDirectory directory)
    {
        try
        {
            using var held = new StateLock(directory);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}

/// <param name="Reason">As the measuring loop names it.</param>
sealed record WaitingView(string Reason, DateTimeOffset Since)
{
    public static WaitingView Of(Waiting waiting) => new(waiting.Reason, DateTimeOffset.FromUnixTimeSeconds(waiting.Since));

    public string Line() => $"since {Since:yyyy-MM-dd HH:mm} UTC: {Sentence}";

    string Sentence => Reason switch
    {
        MeasuringState.NotEnrolled => "this machine has joined no collector ('probenet-agent enroll')",
        MeasuringState.NoConsent => "nobody has agreed ('probenet-agent enroll')",
        MeasuringState.NoList => "no list has come yet; it comes with the next contact",
        MeasuringState.Paused => "paused ('probenet-agent resume')",
        MeasuringState.StateUnwritable => "the state cannot be written: is the disk full?",
        MeasuringState.Stopped => "the operator has stopped measuring here (see 'list')",
        MeasuringState.BudgetSpent => "today's budget is spent; measuring goes on tomorrow (UTC)",
        NetworkGuard.Vpn => "packets leave by a VPN, which measures another network",
        NetworkGuard.OtherCountry => "this network is in another country than the one you joined for",
        _ => Reason,
    };
}

/// <summary>Pages that the collector asked for out of turn on this UTC day.</summary>
sealed record TasksView(uint Accepted, uint Refused, int MostPerDay)
{
    public static TasksView Of(TaskTally today, bool control) => new(today.Accepted, today.Refused, TaskDesk.MostOf(control));
}

sealed record ConnectionView(DateTimeOffset? LastTry, DateTimeOffset? LastSuccess, string? Result, string? Reason, string? Remedy, long ClockSkewSeconds)
{
    public static ConnectionView Of(UplinkState? state) => new(
        Time(state?.LastTry), Time(state?.LastSuccess), Text(state?.Result), Text(state?.Reason), Text(state?.Remedy), state?.ClockSkewSeconds ?? 0);

    public string Line() =>
        LastTry is null ? "no contact yet"
        : $"{Result}{(Reason is null ? "" : $" ({Reason})")} at {Minute(LastTry)}; last success {(LastSuccess is null ? "never" : Minute(LastSuccess))}{(Remedy is null ? "" : $"; {Remedy}")}";

    static string Minute(DateTimeOffset? time) => $"{time:yyyy-MM-dd HH:mm} UTC";

    static DateTimeOffset? Time(long? seconds) => seconds is > 0 ? DateTimeOffset.FromUnixTimeSeconds(seconds.Value) : null;

    static string? Text(string? text) => text is { Length: > 0 } ? text : null;
}

/// <summary>Bytes that measuring moved on this UTC day, as of the last minute.</summary>
sealed record BudgetView(long SpentBytes, long LimitBytes)
{
    public static BudgetView Read(IServiceProvider services, uint today) => new(
        services.GetRequiredService<StateFile<Spent>>().Current is { } spent && spent.Day == today ? spent.Bytes : 0,
        services.GetRequiredService<BudgetOptions>().Limit(services.GetRequiredService<NetworkGuard>().Line() == LineKind.Mobile));
}

/// <param name="AgeDays">Since it was taken; null where that was not kept.</param>
/// <param name="Root">Version of the root that vouches for it; 0: a key of the invite does.</param>
/// <param name="ValidUntil">Until when the operator's word on what is valid lasts; null where there is none.</param>
/// <param name="Waiting">A version that was offered and not taken.</param>
/// <param name="Stopped">The operator's word that makes agents stand still.</param>
sealed record ListView(
    string Name, ulong Version, int Inputs, string Released, string Expires, bool Expired, uint? AgeDays, ulong Root, string? ValidUntil, string Licence,
    string Attribution, RefusedListView? Waiting, StoppedView? Stopped)
{
    public static ListView? Read(IServiceProvider services, DateTimeOffset now)
    {
        var store = services.GetRequiredService<TestListStore>();
        if (store.Current is not { } list)
            return null;
        var (trust, today, stop) = (store.Trust, Day.Of(now), store.Standstill);
        return new(
            list.Name, list.Version, list.List.Entries.Count, Date(list.List.ReleasedDay), Date(list.List.ExpiresDay), list.List.ExpiresDay <= today,
            trust.TakenDay == 0 ? null : today - Math.Min(today, trust.TakenDay), trust.RootVersion, trust.ReleasesExpire == 0 ? null : Date(trust.ReleasesExpire),
            list.List.Licence, list.List.Attribution,
            services.GetRequiredService<RefusedLists>().Last is { } refused ? new(refused.List, refused.Version, refused.Reason, Date(refused.Day)) : null,
            stop.Until > now ? new(stop.Until, stop.Reason) : null);
    }

    public string Line() =>
        $"{Name} version {Version}, {Inputs} inputs{(AgeDays is { } age ? $", taken {age} days ago" : "")}, {(Expired ? "expired" : "valid until")} {Expires}";

    public IEnumerable<(string, string)> Rows()
    {
        if (Attribution.Length + Licence.Length > 0)
            yield return ("list from", $"{Attribution}{(Licence.Length > 0 ? $" ({Licence})" : "")}");
        if (Waiting is { } refused)
            yield return ("list waits", $"{refused.List} version {refused.Version} was not taken on {refused.Date}: {refused.Reason}");
        if (Stopped is { } stopped)
            yield return ("list stop", $"until {stopped.Until:yyyy-MM-dd HH:mm} UTC{(stopped.Reason.Length > 0 ? $": {stopped.Reason}" : "")}");
    }

    static string Date(uint day) => Day.ToDate(day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

sealed record RefusedListView(string List, ulong Version, string Reason, string Date);

/// <param name="Reason">As the operator gave it; empty where he gave none.</param>
sealed record StoppedView(DateTimeOffset Until, string Reason);

/// <param name="Serving">Certified and not expired.</param>
sealed record KeysView(int Kept, int Certified, int Serving)
{
    public static KeysView Of(IReadOnlyList<NetworkKey> keys, uint today) => new(
        keys.Count, keys.Count(key => key.Certified is not null), keys.Count(key => key.Certified is not null && today < key.ExpiresDay));
}
