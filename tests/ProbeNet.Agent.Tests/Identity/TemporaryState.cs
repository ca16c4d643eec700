using Google.Protobuf;
using Microsoft.Extensions.Time.Testing;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Sealing;
using ProbeNet.Agent.Spool;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Tests.Identity;

/// <summary>A real state directory that goes when the test ends, and the parts of an agent over it.</summary>
sealed class TemporaryState : IDisposable
{
    public TemporaryState(TimeProvider? time = null)
    {
        Time = time ?? new FakeTimeProvider(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        Directory = new(Path.Combine(Path.GetTempPath(), "probenet-" + Guid.NewGuid().ToString("N")));
        Key = StateKey.OpenOrCreate(Directory);
        Enrollment = new(Directory, Key, "enrollment", ProbeNet.Agent.Identity.Enrollment.Parser);
        Ring = new(Directory, Key, "keys", KeyRing.Parser);
        Keys = new(Ring, Key, () => Gateway, Time);
    }

    public TimeProvider Time { get; }

    public StateDirectory Directory { get; }

    public StateKey Key { get; }

    public Gateway Gateway { get; set; } = new("eth0", "192.0.2.1", "02:00:00:00:00:01");

    public StateFile<Enrollment> Enrollment { get; }

    public StateFile<KeyRing> Ring { get; }

    public NetworkKeys Keys { get; }

    public void Join(DecryptionKey collector) =>
        Enrollment.Save(new() { EncryptionKey = ByteString.CopyFrom(collector.PublicKey) });

    public ChunkSpool OpenSpool(SpoolLimits? limits = null) => ChunkSpool.Open(SealingRegistration.SpoolDirectory(Directory), limits ?? new(), Time);

    public Journal OpenJournal(ChunkSpool spool, ProducedFile? produced = null) =>
        new(SealingRegistration.JournalDirectory(Directory), Key, spool.Total, produced);

    public Sealer SealerOf(Journal journal, ChunkSpool spool) => new(journal, spool, Keys, Enrollment, Key);

    public static Facts FactsOf(string input) => new() { Input = input, TestName = "web", TestVersion = "1" };

    public Circumstance Now() => new() { Time = Time.GetUtcNow().ToUnixTimeSeconds() / 600 * 600, TimeGrain = 600, Reason = Reason.Scheduled };

    public void Dispose()
    {
        Key.Dispose();
        System.IO.Directory.Delete(Directory.Path, recursive: true);
    }
}
