using System.Collections.Concurrent;
using System.Diagnostics;
using Google.Protobuf;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Uplink;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Benchmarks;

/// <param name="Time">Seconds since 1970.</param>
sealed record LastMeasurement(Guid Uid, long Time, string Domain);

/// <summary>One enrolled key with batches sealed beforehand, as they lie in an agent's spool; it sends them in one session.</summary>
sealed class BenchmarkAgent : IAsyncDisposable
{
    readonly CollectorDoor _door;
    readonly CollectorEndpoint _endpoint;
    readonly SigningKey _key = SigningKey.Create();
    readonly EnvelopeFile _spool = new();
    readonly ConcurrentDictionary<ByteString, long> _sent = new();
    Signed _certificate = new();
    ByteString _encryptionKey = ByteString.Empty;

    BenchmarkAgent(CollectorDoor door, CollectorEndpoint endpoint) => (_door, _endpoint) = (door, endpoint);

    /// <summary>From the sending of a batch to its signed receipt.</summary>
    public List<TimeSpan> Acknowledged { get; } = [];

    public long Measurements { get; private set; }

    public int Batches => _spool.Count;

    /// <summary>The one that was sealed last: when it can be read, all can.</summary>
    public LastMeasurement Last { get; private set; } = new(Guid.Empty, 0, "");

    public static async Task<BenchmarkAgent> EnrolAsync(Invite invite, Random random, CancellationToken ct)
    {
        var door = new CollectorDoor(new UplinkOptions(), new IdentityOptions(), TimeProvider.System, random);
        var agent = new BenchmarkAgent(door, CollectorEndpoint.Of(invite));
        using var stream = await agent.OpenAsync(ct);
        var redeem = new Redeem
        {
            InviteSecret = invite.Secret,
            Key = new() { PublicKey = agent._key.PublicKey.Bytes, Possession = agent.Possession(stream), Asn = (uint)random.Next(64_501, 64_513), Cc = "KH" },
        };
        agent._encryptionKey = stream.Proof.EncryptionKey;
        await stream.SendAsync(new() { Redeem = Sealed.TrySeal(redeem.ToByteArray(), agent._encryptionKey.Span)! }, ct);
        var answer = await stream.ReadAsync(ct);
        agent._certificate = answer?.Enrolled?.Certificate ?? throw new InvalidOperationException($"Not enrolled: {answer}");
        return agent;
    }

    /// <summary>Seals batches of 200 into the file that stands for the spool.</summary>
    /// <returns>Bytes of the envelopes.</returns>
    public long Prepare(Func<(SealedMeasurement Measurement, long Time)> next, Func<IEnumerable<ByteString>> attachments, int batches)
    {
        var sealer = new BatchSealer(_key, 0, default);
        for (var n = 0; n < batches; n++)
        {
            var measurements = Enumerable.Range(0, BatchSealer.MaximumCount).Select(_ => next()).ToList();
            while (true)
            {
                var batch = sealer.Seal([.. measurements.Select(m => m.Measurement)], attachments());
                if (Sealed.TrySeal(batch.ToByteArray(), _encryptionKey.Span) is { } envelope)
                {
                    _spool.Add(BatchSealer.SealHash(batch.Seal), envelope, measurements.Count);
                    break;
                }
                // As the agent does: fewer, where 200 do not fit an envelope. The chain goes on from the last that was kept.
                measurements.RemoveRange(measurements.Count * 3 / 4, measurements.Count - (measurements.Count * 3 / 4));
                sealer = new(_key, sealer.Sequence - 1, _spool.LastSealHash);
            }
            Measurements += measurements.Count;
            var (last, time) = measurements[^1];
            Last = new(MeasurementUid.Of(time, Leaf.Hash(last)), time, new Uri(Facts.Parser.ParseFrom(last.Facts).Input).Host);
        }
        return _spool.Length;
    }

    /// <param name="between">Time from one batch to the next; null for as fast as they are taken.</param>
    public async Task SendAllAsync(TimeSpan? between, CancellationToken ct)
    {
        using var stream = await OpenAsync(ct);
        await stream.SendAsync(new()
        {
            Hello = new() { Certificate = _certificate, Possession = Possession(stream), Clock = Clock(), AgentVersion = "0.1.0" },
        }, ct);
        var welcome = (await stream.ReadAsync(ct))?.Welcome ?? throw new InvalidOperationException("Not welcome.");
        using var window = new SemaphoreSlim((int)welcome.Window);
        var reading = ReadReceiptsAsync(stream, window, ct);
        using var pace = between is { } gap ? new PeriodicTimer(gap) : null;
        foreach (var (sealHash, envelope) in _spool.Read())
        {
            await Task.WhenAny(window.WaitAsync(ct), reading);
            if (reading.IsCompleted)
                break;
            if (pace is not null)
                await pace.WaitForNextTickAsync(ct);
            _sent[sealHash] = Stopwatch.GetTimestamp();
            await stream.SendAsync(new() { Batch = envelope }, ct);
        }
        await reading;
    }

    public async ValueTask DisposeAsync()
    {
        _key.Dispose();
        await _spool.DisposeAsync();
    }

    async Task ReadReceiptsAsync(CollectorStream stream, SemaphoreSlim window, CancellationToken ct)
    {
        for (var left = _spool.Count; left > 0;)
        {
            var message = await stream.ReadAsync(ct) ?? throw new InvalidOperationException("The stream ended before the last receipt.");
            if (message.MessageCase == CollectorMessage.MessageOneofCase.Refusal)
                throw new InvalidOperationException($"Refused: {message.Refusal.Reason}");
            if (message.MessageCase != CollectorMessage.MessageOneofCase.Receipt)
                continue;
            var receipt = Receipt.Parser.ParseFrom(message.Receipt.Statement);
            if (receipt.Outcome != ReceiptOutcome.Accepted || !_sent.TryRemove(receipt.SealHash, out var at))
                throw new InvalidOperationException($"A receipt that was not expected: {receipt.Outcome} {receipt.Reason}");
            Acknowledged.Add(Stopwatch.GetElapsedTime(at));
            window.Release();
            left--;
        }
    }

    async Task<CollectorStream> OpenAsync(CancellationToken ct)
    {
        var (stream, end) = await _door.OpenAsync(_endpoint, ct);
        return stream ?? throw new InvalidOperationException($"No stream: {end}");
    }

    ByteString Possession(CollectorStream stream) => ByteString.CopyFrom(_key.Sign(SigningContext.Possession, stream.PossessionStatement));

    static long Clock() => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
}
