using Google.Protobuf;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Sealing;
using ProbeNet.Agent.Spool;
using ProbeNet.Agent.TestLists;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Uplink;

/// <summary>What a session works on.</summary>
sealed record SessionParts(
    ChunkSpool Spool, Journal Journal, Sealer Sealer, NetworkKeys Keys, TestListStore Lists, RefusedLists Refusals, ListTally Tally, TaskInbox Tasks, TimeProvider Time);

/// <param name="Standing">Stays until the key no longer is the current one.</param>
/// <param name="SealNow">True: what is measured meanwhile is sealed at once or after a random part of <paramref name="Delay"/>.</param>
/// <param name="Linger">How long a session that has nothing to send waits for lists and tasks.</param>
/// <param name="Lifetime">Until a standing session makes way for what other keys have to deliver; null: never.</param>
sealed record SessionTerms(bool Standing, bool SealNow, TimeSpan Delay, TimeSpan Linger, TimeSpan? Lifetime);

/// <summary>One session with the collector, for one key: delivers what waits, takes lists and tasks.</summary>
/// <param name="welcomed">Called once the collector has let the key in.</param>
sealed class UplinkSession(SessionParts parts, CollectorStream stream, NetworkKey key, SessionTerms terms, Func<double> draw, Action welcomed)
{
    const int LargestWindow = 64;

    static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(60);
    static readonly TimeSpan LookAround = TimeSpan.FromSeconds(15);

    readonly InFlight _inFlight = new(parts.Spool, parts.Sealer, key.Number, parts.Time);
    readonly long _began = parts.Time.GetTimestamp();
    long _lastMessage = parts.Time.GetTimestamp();
    long _lastHeartbeat = parts.Time.GetTimestamp();
    (long Since, TimeSpan After)? _seal;
    int _window = 1;
    TimeSpan _heartbeat = Timeout.InfiniteTimeSpan;
    ContactEnd? _end;

    public async Task<ContactEnd> RunAsync(string agentVersion, CancellationToken ct) =>
        await HelloAsync(agentVersion, ct) ?? await ExchangeAsync(ct) with { WasWelcomed = true };

    async Task<ContactEnd> ExchangeAsync(CancellationToken ct)
    {
        using var reading = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var read = stream.ReadAsync(reading.Token);
        await ReportAsync(ct);
        while (_end is null && !ct.IsCancellationRequested && !IsOver())
        {
            var appended = Task.WhenAny(parts.Spool.NextAppend, parts.Journal.NextAppend);
            SealWhenDue();
            if (!await SendWhatMayAsync(ct))
            {
                // The other side has ended it. What it said before counts: receipts, and why.
                await DrainAsync(read, reading, ct);
                return _end ?? new(ContactResult.Lost);
            }
            await BeatAsync(ct);
            if (_inFlight.OldestSent is { } oldest && parts.Time.GetElapsedTime(oldest) > AnswerWithin)
                return new(ContactResult.Lost, "no_receipt");
            await WaitAsync(read, appended, ct);
            if (!read.IsCompleted)
                continue;
            if (await read is not { } message)
                return new(ContactResult.Lost);
            await TakeAsync(message, ct);
            read = stream.ReadAsync(reading.Token);
        }
        await stream.CompleteAsync();
        await DrainAsync(read, reading, ct);
        return _end ?? ContactEnd.Done;
    }

    async Task<ContactEnd?> HelloAsync(string agentVersion, CancellationToken ct)
    {
        var hello = new Hello
        {
            Certificate = key.Certificate,
            Possession = UnsafeByteOperations.UnsafeWrap(key.Signing.Sign(SigningContext.Possession, stream.PossessionStatement)),
            Clock = parts.Time.GetUtcNow().ToUnixTimeSeconds(),
            AgentVersion = agentVersion,
            List = parts.Lists.Current?.Name ?? "",
            ListVersion = parts.Lists.Current?.Version ?? 0,
            Standing = terms.Standing,
            TakesOffers = true,
            RootVersion = parts.Lists.RootVersion,
        };
        using var deadline = new CancellationTokenSource(AnswerWithin, parts.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, ct);
        var answer = await stream.SendAsync(new() { Hello = hello }, either.Token) ? await stream.ReadAsync(either.Token) : null;
        if (answer?.MessageCase == CollectorMessage.MessageOneofCase.Refusal)
            return ContactEnd.Of(answer.Refusal);
        if (answer?.MessageCase != CollectorMessage.MessageOneofCase.Welcome)
            return new(ContactResult.Lost);
        _window = (int)Math.Clamp(answer.Welcome.Window, 1, LargestWindow);
        if (terms.Standing && answer.Welcome.HeartbeatSeconds > 0)
            _heartbeat = TimeSpan.FromSeconds(answer.Welcome.HeartbeatSeconds);
        welcomed();
        return null;
    }

    bool IsOver()
    {
        if (_inFlight.Count > 0)
            return false;
        if (terms.Standing)
            return !parts.Keys.IsCurrent(key) || parts.Time.GetElapsedTime(_began) > terms.Lifetime;
        return parts.Time.GetElapsedTime(_lastMessage) >= terms.Linger;
    }

    void SealWhenDue()
    {
        // Behind what is sealed it would wait as well; by then there is more to seal as one.
        if (!terms.SealNow || _inFlight.HasBacklog)
            return;
        if (parts.Journal.Pending.Count == 0)
        {
            _seal = null;
            return;
        }
        _seal ??= (parts.Time.GetTimestamp(), terms.Delay * draw());
        if (parts.Time.GetElapsedTime(_seal.Value.Since) < _seal.Value.After)
            return;
        _seal = null;
        _ = parts.Sealer.SealAll();
    }

    async Task<bool> SendWhatMayAsync(CancellationToken ct)
    {
        while (_inFlight.Count < _window && _inFlight.Next() is { } envelope)
        {
            if (!await stream.SendAsync(new() { Batch = envelope }, ct))
                return false;
            _lastMessage = parts.Time.GetTimestamp();
        }
        return true;
    }

    async Task BeatAsync(CancellationToken ct)
    {
        if (_heartbeat == Timeout.InfiniteTimeSpan || parts.Time.GetElapsedTime(_lastHeartbeat) < _heartbeat)
            return;
        _lastHeartbeat = parts.Time.GetTimestamp();
        var beat = new Heartbeat { Waiting = (ulong)parts.Spool.Pending(key.Number).Sum(record => record.Count) };
        // A volunteer's counts go on from key to key, and would join them.
        if (key.Certified?.Role == Role.Control)
        {
            var status = SpoolStatus.Of(parts.Journal, parts.Spool);
            beat = new() { Produced = (ulong)status.Produced, Dropped = (ulong)status.Tally.Dropped, Waiting = (ulong)status.Waiting };
        }
        _ = await stream.SendAsync(new() { Heartbeat = beat }, ct);
        await ReportAsync(ct);
    }

    async Task ReportAsync(CancellationToken ct)
    {
        if (parts.Tally.Of(key.Number) is { } report)
            _ = await stream.SendAsync(new() { ListReport = report }, ct);
    }

    async Task WaitAsync(Task read, Task appended, CancellationToken ct)
    {
        var longest = LookAround;
        if (!terms.Standing)
            longest = Least(longest, terms.Linger - parts.Time.GetElapsedTime(_lastMessage));
        if (_heartbeat != Timeout.InfiniteTimeSpan)
            longest = Least(longest, _heartbeat - parts.Time.GetElapsedTime(_lastHeartbeat));
        if (_seal is { } seal)
            longest = Least(longest, seal.After - parts.Time.GetElapsedTime(seal.Since));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await Task.WhenAny(read, appended, Task.Delay(longest, parts.Time, over.Token));
        await over.CancelAsync();
    }

    // A timer that is due is waited for as long as a timer's grain, never not at all.
    static TimeSpan Least(TimeSpan one, TimeSpan other) =>
        TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling(Math.Min(one.TotalMilliseconds, other.TotalMilliseconds))));

    async Task TakeAsync(CollectorMessage message, CancellationToken ct)
    {
        _lastMessage = parts.Time.GetTimestamp();
        switch (message.MessageCase)
        {
            case CollectorMessage.MessageOneofCase.Receipt when stream.Identity.Verify(SigningContext.Receipt, message.Receipt):
                if (_inFlight.Take(Receipt.Parser.ParseFrom(message.Receipt.Statement)) is { } reason)
                    _end = new(ContactResult.Refused, reason);
                break;
            case CollectorMessage.MessageOneofCase.Receipt:
                _end = new(ContactResult.NotTheCollector);
                break;
            case CollectorMessage.MessageOneofCase.List:
                var refusal = parts.Lists.Offer(message.List, key.Certified?.Cc ?? "", key.Certified?.Asn ?? 0, out var list);
                await AnswerAsync(list?.Name, list?.Version, refusal, ct);
                break;
            case CollectorMessage.MessageOneofCase.Offer:
                var session = new OfferSession(stream.AgentNonce, key.PublicKey, key.Certified?.Cc ?? "", key.Certified?.Asn ?? 0);
                var refused = parts.Lists.Offer(message.Offer, session, out var assigned);
                await AnswerAsync(assigned?.List, assigned?.ListVersion, refused, ct);
                break;
            case CollectorMessage.MessageOneofCase.Task:
                // What a network that was left is asked for cannot be seen from here.
                var runs = parts.Keys.IsCurrent(key) && parts.Tasks.Offer(message.Task);
                _ = await stream.SendAsync(new() { TaskOutcome = new() { Id = message.Task.Id, Run = runs } }, ct);
                break;
            case CollectorMessage.MessageOneofCase.Refusal:
                _end = ContactEnd.Of(message.Refusal);
                break;
            default:
                // A newer collector may say more than this agent knows.
                break;
        }
    }

    async Task AnswerAsync(string? list, ulong? version, string? refusal, CancellationToken ct)
    {
        parts.Refusals.Note(list ?? "", version ?? 0, refusal);
        var status = new ListStatus
        {
            List = list ?? "",
            Version = version ?? 0,
            Applied = refusal is null,
            Reason = refusal ?? "",
            RootVersion = parts.Lists.RootVersion,
        };
        _ = await stream.SendAsync(new() { ListStatus = status }, ct);
    }

    // What was under way when either side stopped: receipts above all.
    async Task DrainAsync(Task<CollectorMessage?> read, CancellationTokenSource reading, CancellationToken ct)
    {
        using var deadline = new CancellationTokenSource(LookAround, parts.Time);
        await using var registration = deadline.Token.Register(reading.Cancel);
        while (await read is { } message)
        {
            if (message.MessageCase is CollectorMessage.MessageOneofCase.Receipt or CollectorMessage.MessageOneofCase.Refusal)
                await TakeAsync(message, ct);
            read = stream.ReadAsync(reading.Token);
        }
    }
}
