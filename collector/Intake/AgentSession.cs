using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using ProbeNet.Collector.Fleet;
using ProbeNet.Collector.Fleet.Enrolment;
using ProbeNet.Protos;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Intake;

/// <summary>
/// One stream: Knock and Proof; then enrolment, or Hello and what follows (session.proto). Messages are taken in order and
/// answered when their answer is true, so receipts may overtake each other.
/// </summary>
/// <param name="address">Where the peer is, for its network at enrolment; null when not known.</param>
sealed class AgentSession(
    AgentSessionParts parts, IAsyncStreamReader<AgentMessage> incoming, IServerStreamWriter<CollectorMessage> outgoing, IPAddress? address)
    : IDisposable
{
    const int NonceSize = 32;

    static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    readonly Channel<CollectorMessage> _outbox = Channel.CreateUnbounded<CollectorMessage>(new() { SingleReader = true });
    readonly ConcurrentDictionary<Task, byte> _pending = new();
    readonly SemaphoreSlim _window = new(parts.Options.Window);
    readonly byte[] _nonce = RandomNumberGenerator.GetBytes(NonceSize);
    readonly CancellationTokenSource _end = new();

    byte[] _agentNonce = [];
    Signed _signedCertificate = new();
    KeyCertificate? _certificate;
    AgentReport _report = AgentReport.Empty;
    ListDesk? _lists;
    SessionTasks? _tasks;
    Task _watch = Task.CompletedTask;

    uint Today => Day.Of(parts.Time.GetUtcNow());

    public async Task RunAsync(CancellationToken ct)
    {
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(ct, _end.Token, parts.Stopping);
        var writing = WriteAsync(ct);
        try
        {
            if (await GreetAsync(linked))
                while (await ReadAsync(linked) is { } message && await AnswerAsync(message, linked.Token))
                {
                }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            // Ended from our side: what was said is still written below.
        }
        finally
        {
            await Task.WhenAll(_pending.Keys);
            await _end.CancelAsync();
            await _watch;
            _outbox.Writer.Complete();
            await writing;
        }
    }

    public void Dispose()
    {
        _window.Dispose();
        _end.Dispose();
    }

    async Task<AgentMessage?> ReadAsync(CancellationTokenSource session)
    {
        session.CancelAfter(parts.Options.Silence);
        return await incoming.MoveNext(session.Token) ? incoming.Current : null;
    }

    async Task<bool> GreetAsync(CancellationTokenSource session)
    {
        if (await ReadAsync(session) is not { Knock.Nonce.Length: NonceSize } message)
            return Refuse(Refusals.Malformed);
        if (parts.Fleet.Current is not { } fleet)
            return Refuse(Refusals.Unavailable);
        _agentNonce = message.Knock.Nonce.ToByteArray();
        return Say(new()
        {
            Proof = fleet.Keys.Identity.Sign(SigningContext.Proof, new Proof
            {
                AgentNonce = message.Knock.Nonce,
                CollectorNonce = ByteString.CopyFrom(_nonce),
                EncryptionKey = ByteString.CopyFrom(fleet.Keys.Encryption[0].PublicKey),
                Clock = parts.Time.GetUtcNow().ToUnixTimeSeconds(),
            })
        });
    }

    // False ends the session.
    async Task<bool> AnswerAsync(AgentMessage message, CancellationToken ct)
    {
        var fleet = parts.Fleet.Current!;
        switch (message.MessageCase)
        {
            case AgentMessage.MessageOneofCase.Redeem:
                return await EnrolAsync(fleet, message.Redeem, Redeem.Parser, redeem => redeem.Key,
                    redeem => parts.Desk.RedeemAsync(fleet, redeem, address, ct),
                    outcome => new() { Enrolled = new() { Credential = outcome.Credential, Certificate = outcome.Certificate, ListKeys = { fleet.ListKeys } } });
            case AgentMessage.MessageOneofCase.Certify:
                return await EnrolAsync(fleet, message.Certify, Certify.Parser, certify => certify.Key,
                    certify => parts.Desk.CertifyAsync(fleet, certify, address, ct),
                    outcome => new() { Certified = new() { Credential = outcome.Credential, Certificate = outcome.Certificate } });
            case AgentMessage.MessageOneofCase.Hello when _certificate is null:
                return Welcome(fleet, message.Hello, ct);
            case AgentMessage.MessageOneofCase.None:
                // A kind of message that only newer agents know.
                return true;
        }
        if (_certificate is null)
            return Refuse(Refusals.Malformed);
        switch (message.MessageCase)
        {
            case AgentMessage.MessageOneofCase.Batch:
                return await TakeAsync(message.Batch, ct);
            case AgentMessage.MessageOneofCase.Withdrawal:
                return await WithdrawAsync(message.Withdrawal, ct);
            case AgentMessage.MessageOneofCase.Heartbeat:
                var beat = message.Heartbeat;
                return Report(_report with { Produced = beat.Produced, Dropped = beat.Dropped, Waiting = beat.Waiting });
            case AgentMessage.MessageOneofCase.TaskOutcome:
                await _tasks!.HearAsync(message.TaskOutcome, ct);
                return true;
            case AgentMessage.MessageOneofCase.ListStatus:
                return Report(_lists!.Answered(_report, message.ListStatus, parts.Time.GetUtcNow()));
            case AgentMessage.MessageOneofCase.ListReport:
                var runs = message.ListReport;
                return Report(_report with { Runs = new(runs.Runs, runs.Milliseconds, runs.Bytes, runs.Common, runs.CommonFailed) });
            default:
                return true;
        }
    }

    async Task<bool> EnrolAsync<T>(
        FleetState fleet, Envelope envelope, MessageParser<T> parser, Func<T, KeyRequest?> keyOf, Func<T, Task<EnrolmentOutcome>> enrol,
        Func<EnrolmentOutcome, CollectorMessage> answer)
        where T : IMessage<T>
    {
        if (!parts.Rates.AllowEnrolment())
            return Refuse(Refusals.Rate);
        if (!BatchDoor.TryOpen(fleet, envelope, out var compressed, out var unopened))
            return Refuse(unopened);
        using var content = Sealed.TryDecompress(compressed);
        if (content is null || !TryParse(parser, content.Memory.Span, out var request) || keyOf(request) is not { } key)
            return Refuse(Refusals.Malformed);
        if (!KeyDoor.Possesses(key.PublicKey, key.Possession, _agentNonce, _nonce))
            return Refuse(Refusals.BadSignature);
        var outcome = await enrol(request);
        parts.Instruments.Enrolled(outcome.Refusal);
        return outcome.Refusal is { } refusal ? Refuse(refusal) : Say(answer(outcome));
    }

    bool Welcome(FleetState fleet, Hello hello, CancellationToken ct)
    {
        var clock = parts.Time.GetUtcNow().ToUnixTimeSeconds();
        if (Math.Abs((decimal)clock - hello.Clock) > (decimal)Skew.TotalSeconds)
            return Refuse(Refusals.ClockSkew);
        if (KeyDoor.Check(fleet, hello.Certificate, Today, out var certificate) is { } refusal)
            return Refuse(refusal);
        if (!KeyDoor.Possesses(certificate.PublicKey, hello.Possession, _agentNonce, _nonce))
            return Refuse(Refusals.BadSignature);
        if (!parts.Queue.IsAvailable)
            return Refuse(Refusals.Unavailable);
        (_signedCertificate, _certificate) = (hello.Certificate, certificate);
        _lists = new(ByteString.CopyFrom(_agentNonce), certificate, hello);
        Report(_report with
        {
            Version = ListDesk.Cut(hello.AgentVersion),
            List = ListDesk.Cut(hello.List),
            ListVersion = hello.ListVersion,
            Standing = hello.Standing,
        });
        Say(new() { Welcome = new() { Window = (uint)parts.Options.Window, HeartbeatSeconds = (uint)parts.Options.HeartbeatSeconds } });
        _tasks = new(parts, certificate, task => Say(new() { Task = task }));
        _watch = WatchAsync(certificate, _tasks, ct);
        return true;
    }

    async Task<bool> TakeAsync(Envelope envelope, CancellationToken ct)
    {
        var arrived = parts.Time.GetTimestamp();
        if (!parts.Rates.AllowBatch(_certificate!.PublicKey))
            return Refuse(Refusals.Rate);
        await _window.WaitAsync(ct);
        try
        {
            await parts.Room.WaitAsync(ct);
        }
        catch
        {
            _window.Release();
            throw;
        }
        var pending = CheckAsync(envelope, arrived);
        _pending[pending] = 0;
        _ = pending.ContinueWith(done => _pending.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return true;
    }

    // Runs on the reader's turn, so batches reach the queue in the order of their chain. The envelope is not kept until the batch is durable.
    Task CheckAsync(Envelope envelope, long arrived)
    {
        var fleet = parts.Fleet.Current!;
        return FinishAsync(fleet, BatchDoor.Check(fleet, _signedCertificate, _certificate!, envelope, Today), Sealed.Hash(envelope), arrived);
    }

    async Task FinishAsync(FleetState fleet, BatchVerdict verdict, byte[] envelopeHash, long arrived)
    {
        try
        {
            if (verdict.Batch is { } batch && !await parts.Queue.PublishAsync(batch, parts.Stopping))
            {
                Refuse(Refusals.Unavailable);
                return;
            }
            parts.Instruments.Answered(verdict.Refusal, verdict.Count, parts.Time.GetElapsedTime(arrived));
            Say(new() { Receipt = BatchDoor.Receipt(fleet, envelopeHash, verdict, Today) });
        }
        catch (OperationCanceledException)
        {
            // The process stops. Without a receipt the agent sends the batch again.
        }
        finally
        {
            parts.Room.Release();
            _window.Release();
        }
    }

    async Task<bool> WithdrawAsync(Signed signed, CancellationToken ct)
    {
        if (!VerificationKey.TryImport(_certificate!.PublicKey.Span, out var key) || !key.Verify(SigningContext.Withdrawal, signed))
            return Refuse(Refusals.BadSignature);
        if (!TryParse(Withdrawal.Parser, signed.Statement, out var withdrawal) || withdrawal.PublicKey != _certificate.PublicKey)
            return Refuse(Refusals.Malformed);
        var durable = await parts.Queue.PublishAsync(new Queue.CheckedWithdrawal { Withdrawal = withdrawal, ReceivedDay = Today }, ct);
        return durable ? Say(new() { Withdrawn = new() { Durable = true } }) : Refuse(Refusals.Unavailable);
    }

    // A revocation ends a session that is open; a release and tasks reach agents that stay connected.
    async Task WatchAsync(KeyCertificate certificate, SessionTasks tasks, CancellationToken ct)
    {
        try
        {
            while (true)
            {
                var changed = parts.Fleet.Changed;
                var fleet = parts.Fleet.Current!;
                if (KeyDoor.IsRevoked(fleet, certificate))
                {
                    Refuse(Refusals.RevokedKey);
                    return;
                }
                if (_lists!.Next(fleet, parts.Time.GetUtcNow()) is { } offered)
                    Say(offered);
                var again = await tasks.AskAsync(fleet, _lists.Current, ct);
                if (again > ListDesk.OfferAgain || again == Timeout.InfiniteTimeSpan)
                    again = ListDesk.OfferAgain;
                await changed.WaitAsync(again, parts.Time, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                ct.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            // The session is over.
        }
    }

    bool Report(AgentReport report)
    {
        _report = report;
        parts.Reports.Note(ByteString.CopyFrom(KeyId.Of(_certificate!.PublicKey.Span)), report);
        return true;
    }

    bool Say(CollectorMessage message) => _outbox.Writer.TryWrite(message);

    bool Refuse(string reason)
    {
        parts.Instruments.Refused(reason);
        Say(new() { Refusal = new() { Reason = reason, Remedy = Remedies.For(reason), Clock = parts.Time.GetUtcNow().ToUnixTimeSeconds() } });
        _end.Cancel();
        return false;
    }

    async Task WriteAsync(CancellationToken ct)
    {
        try
        {
            await foreach (var message in _outbox.Reader.ReadAllAsync(ct))
                await outgoing.WriteAsync(message, ct);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or InvalidOperationException)
        {
            // Nobody reads any more.
            await _end.CancelAsync();
        }
    }

    static bool TryParse<T>(MessageParser<T> parser, ByteString bytes, out T message)
        where T : IMessage<T> => TryParse(parser, bytes.Span, out message);

    static bool TryParse<T>(MessageParser<T> parser, ReadOnlySpan<byte> bytes, out T message)
        where T : IMessage<T>
    {
        message = default!;
        try
        {
            message = parser.ParseFrom(bytes);
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            return false;
        }
    }
}
