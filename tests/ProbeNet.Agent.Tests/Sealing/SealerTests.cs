using System.Security.Cryptography;
using Google.Protobuf;
using ProbeNet.Agent.Spool;
using ProbeNet.Agent.Tests.Identity;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Tests.Sealing;

public sealed class SealerTests : IDisposable
{
    readonly TemporaryState _state = new();
    readonly DecryptionKey _collector = DecryptionKey.Create();

    public void Dispose()
    {
        _collector.Dispose();
        _state.Dispose();
    }

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_batch_that_does_not_fit_is_split_and_one_measurement_that_never_fits_is_counted()
    {
        _state.Join(_collector);
        using var spool = _state.OpenSpool();
        using var journal = _state.OpenJournal(spool);
        foreach (var size in new[] { 100_000, 100_000, 100_000, 300_000, 100_000 })
        {
            var noise = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(size));
            await journal.AppendAsync(_state.Keys.Current(), TemporaryState.FactsOf("https://a.example/"), _state.Now(), [noise], Ct);
        }
        Assert.Equal(AppendResult.Appended, _state.SealerOf(journal, spool).SealAll());
        Assert.Equal(4, spool.Pending().Sum(record => record.Count));
        Assert.Equal((1, 5, 0), (spool.Tally.DroppedForSize, spool.Total, journal.Pending.Count));
        Assert.All(Batches(spool), batch => Assert.Null(BatchCheck.Check(batch, out _)));
    }

    [Fact]
    public async Task A_certificate_that_many_measurements_saw_travels_once()
    {
        _state.Join(_collector);
        using var spool = _state.OpenSpool();
        using var journal = _state.OpenJournal(spool);
        var certificate = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(1500));
        for (var i = 0; i < 50; i++)
            await journal.AppendAsync(_state.Keys.Current(), TemporaryState.FactsOf("https://a.example/"), _state.Now(), [certificate], Ct);
        _state.SealerOf(journal, spool).SealAll();
        var batch = Assert.Single(Batches(spool));
        Assert.Equal((50, 1), (batch.Measurements.Count, batch.Attachments.Count));
    }

    [Fact]
    public async Task Only_full_batches_and_those_of_a_network_that_was_left_are_sealed_before_an_upload_is_due()
    {
        _state.Join(_collector);
        using var spool = _state.OpenSpool();
        using var journal = _state.OpenJournal(spool);
        var sealer = _state.SealerOf(journal, spool);
        await AppendAsync(journal, 205);
        sealer.SealFull();
        Assert.Equal((200, 5), (spool.Waiting, journal.Pending.Count));
        _state.Gateway = new("wlan0", "198.51.100.1", "");
        await AppendAsync(journal, 3);
        sealer.SealFull();
        Assert.Equal((205, 3), (spool.Waiting, journal.Pending.Count));
        Assert.Equal([200, 5], spool.Pending().Select(record => record.Count));
    }

    [Fact]
    public async Task Before_joining_nothing_is_sealed_and_nothing_lost()
    {
        using (var spool = _state.OpenSpool())
        {
            using var journal = _state.OpenJournal(spool);
            await AppendAsync(journal, 5);
            _state.SealerOf(journal, spool).SealAll();
            Assert.Equal((0, 5), (spool.Total, journal.Pending.Count));
        }
        _state.Join(_collector);
        using var again = _state.OpenSpool();
        using var reopened = _state.OpenJournal(again);
        _state.SealerOf(reopened, again).SealAll();
        Assert.Equal((5, 5), (again.Waiting, reopened.Produced));
    }

    [Fact]
    public async Task Nothing_measured_stands_on_disk_in_clear()
    {
        using var spool = _state.OpenSpool();
        using var journal = _state.OpenJournal(spool);
        await AppendAsync(journal, 1);
        var files = Directory.GetFiles(_state.Directory.Path, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => new FileInfo(file).Length > 0 && file.EndsWith(".journal", StringComparison.Ordinal));
        Assert.All(files, file => Assert.Equal(-1, File.ReadAllBytes(file).AsSpan().IndexOf("a.example"u8)));
    }

    async Task AppendAsync(Agent.Sealing.Journal journal, int count)
    {
        for (var i = 0; i < count; i++)
            Assert.Equal(AppendResult.Appended, await journal.AppendAsync(_state.Keys.Current(), TemporaryState.FactsOf("https://a.example/"), _state.Now(), [], Ct));
    }

    IEnumerable<Batch> Batches(ChunkSpool spool) => spool.Pending()
        .Select(record => Envelope.Parser.ParseFrom(spool.TryRead(record, out _)!))
        .Select(envelope => Batch.Parser.ParseFrom(Sealed.TryDecompress(Sealed.TryOpen(envelope, _collector)!)!.Memory.Span));
}
