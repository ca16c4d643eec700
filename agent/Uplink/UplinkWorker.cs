using ProbeNet.Agent.Identity;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Uplink;

/// <summary>Contacts the collector when the plan says so, one key at a time, for as long as the agent runs.</summary>
sealed partial class UplinkWorker(
    UplinkOptions options, Contacts contacts, StateFile<Enrollment> enrollment, SessionParts parts, Random random, ILogger<UplinkWorker> logger)
    : BackgroundService
{
    static readonly TimeSpan LookForEnrollment = TimeSpan.FromSeconds(5);
    static readonly TimeSpan ShortestLinger = TimeSpan.FromSeconds(1);
    static readonly TimeSpan LongestLinger = TimeSpan.FromSeconds(4);
    static readonly TimeSpan BetweenContacts = TimeSpan.FromSeconds(1);
    static readonly TimeSpan MakeWay = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (enrollment.Current is null)
            await Task.Delay(LookForEnrollment, parts.Time, stoppingToken);
        var mode = options.Session.Mode ?? (enrollment.Current.Role == Role.Control ? SessionMode.Standing : SessionMode.Brief);
        var plan = new ContactPlan(mode, options.Upload.Delay, random);
        await Task.Delay(plan.AtStart(), parts.Time, stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var end = await TryContactAsync(mode, plan, stoppingToken);
            var isDone = end.Result == ContactResult.Done;
            var pause = isDone ? plan.AfterSuccess() : plan.AfterFailure(end.WasWelcomed);
            if (isDone && plan.SendsAtOnce)
                await WaitForWorkAsync(pause, stoppingToken);
            else
                await Task.Delay(pause, parts.Time, stoppingToken);
        }
    }

    async Task<ContactEnd> TryContactAsync(SessionMode mode, ContactPlan plan, CancellationToken ct)
    {
        try
        {
            parts.Spool.DropExpired();
            _ = parts.Sealer.SealAll();
            var left = await DeliverForOthersAsync(plan, ct);
            var isStanding = mode == SessionMode.Standing;
            var terms = new SessionTerms(isStanding, plan.SendsAtOnce, options.Upload.Delay, Linger(), left > 0 ? MakeWay : null);
            var end = await contacts.RunAsync(parts.Keys.Current(), terms, ct);
            Ended(end.Result, end.Reason);
            ForgetKeys();
            return left == 0 ? end : end with { Result = ContactResult.Refused };
        }
        catch (IOException error)
        {
            // The state directory takes nothing: what is sent could not be remembered as sent.
            DiskRefused(error);
            return new(ContactResult.Lost);
        }
    }

    // Batches made on networks that were left. Apart in time and on connections of their own, so that nothing joins the keys.
    async Task<int> DeliverForOthersAsync(ContactPlan plan, CancellationToken ct)
    {
        var left = 0;
        foreach (var key in parts.Keys.All().Where(key => parts.Spool.Pending(key.Number).Count > 0 && !parts.Keys.IsCurrent(key)))
        {
            var end = await contacts.RunAsync(key, new(Standing: false, SealNow: false, TimeSpan.Zero, Linger(), null), ct);
            Ended(end.Result, end.Reason);
            if (end.Result != ContactResult.Done)
                left++;
            if (end.Result == ContactResult.Unreachable)
                return left;
            await Task.Delay(plan.UploadDelay(), parts.Time, ct);
        }
        return left;
    }

    async Task WaitForWorkAsync(TimeSpan longest, CancellationToken ct)
    {
        var appended = Task.WhenAny(parts.Spool.NextAppend, parts.Journal.NextAppend);
        var isWaiting = parts.Spool.Waiting > 0 || parts.Journal.Pending.Count > 0;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        if (isWaiting)
            await Task.Delay(BetweenContacts, parts.Time, ct);
        else
            await Task.WhenAny(appended, Task.Delay(longest, parts.Time, over.Token));
        await over.CancelAsync();
    }

    void ForgetKeys()
    {
        foreach (var key in parts.Keys.All())
        {
            var isWaiting = parts.Spool.Pending(key.Number).Count > 0 || parts.Journal.Pending.Any(entry => entry.Key == key.Number);
            if (!isWaiting && parts.Keys.TryForget(key))
                parts.Spool.Forget(key.Number);
        }
    }

    TimeSpan Linger() => ShortestLinger + ((LongestLinger - ShortestLinger) * random.NextDouble());

    [LoggerMessage(1, LogLevel.Information, "Contact ended: {Result} {Reason}")]
    private partial void Ended(ContactResult result, string reason);

    [LoggerMessage(2, LogLevel.Warning, "The state directory could not be written.")]
    private partial void DiskRefused(IOException error);
}
