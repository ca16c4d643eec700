using Google.Protobuf;
using ProbeNet.Collector.Queue;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Tests.Store;

/// <summary>One key's sealed batches, as the intake hands them on.</summary>
sealed class TestKey : IDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    readonly SigningKey _key = SigningKey.Create();
    BatchSealer _sealer;
    int _made;

    public TestKey(Role role = Role.Agent, string cc = "KH", uint asn = 64501)
    {
        _sealer = new(_key, 0, default);
        Certificate = new()
        {
            PublicKey = _key.PublicKey.Bytes,
            Unit = ByteString.CopyFrom(1, 2, 3),
            Group = ByteString.CopyFrom(4, 5, 6),
            Role = role,
            Cc = cc,
            Asn = asn,
            AsnSource = AsnSource.Bound,
            // Its epoch's end is further than any test's days.
            Epoch = Day.EpochOf(Day.Of(Noon)) + 20,
            ExpiresDay = Day.Of(Noon) + 20,
        };
    }

    public KeyCertificate Certificate { get; }

    public ByteString PublicKey => _key.PublicKey.Bytes;

    /// <summary>The next batch of the chain.</summary>
    public CheckedBatch Next(int count = 3, DateTimeOffset? time = null, string host = "news.example", Action<Facts, Circumstance>? change = null, params byte[][] attachments)
    {
        var measurements = Enumerable.Range(0, count).Select(_ =>
        {
            var facts = new Facts { Input = $"https://{host}/{_made++}", TestName = "web" };
            var circumstance = new Circumstance
            {
                Time = (time ?? Noon).ToUnixTimeSeconds(),
                TimeGrain = 60,
                List = "kh",
                ListVersion = 7,
                Reason = Reason.Scheduled,
                Cc = "KH",
                AgentVersion = "0.1.0",
                Access = Access.Fixed,
            };
            change?.Invoke(facts, circumstance);
            return BatchSealer.Wrap(facts, circumstance);
        }).ToList();
        return Check(_sealer.Seal(measurements, attachments.Select(ByteString.CopyFrom)));
    }

    /// <summary>Begins a second history under the same key.</summary>
    public void ForgetAllButTheFirst(CheckedBatch first) => _sealer = new(_key, first.Sequence, first.SealHash.Memory);

    public CheckedBatch Check(Batch batch)
    {
        var header = SealHeader.Parser.ParseFrom(batch.Seal.Statement);
        return new()
        {
            Certificate = Certificate,
            SignedCertificate = new() { Statement = Certificate.ToByteString() },
            Batch = ByteString.CopyFrom(Sealed.Compress(batch.ToByteArray())),
            SealHash = ByteString.CopyFrom(BatchSealer.SealHash(batch.Seal)),
            Sequence = header.Sequence,
            Previous = header.Previous,
            Count = header.Count,
            ReceivedDay = Day.Of(Noon),
        };
    }

    public void Dispose() => _key.Dispose();
}
