using Microsoft.Extensions.DependencyInjection;
using ProbeNet.Collector.Intake;
using ProbeNet.Collector.Queue;
using ProbeNet.Protos;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Tests.Intake;

public sealed class CarriedIntakeTests(CollectorFixture fixture)
{
    [Fact]
    public async Task Carried_batches_are_checked_like_delivered_ones_and_stored()
    {
        var collector = await fixture.CollectorAsync();
        var (key, enrolled) = await TestSession.EnrolAsync(collector, await collector.InviteAsync());
        using var stranger = SigningKey.Create();
        var sealer = new BatchSealer(key, 0, default);
        var good = Seal(collector, sealer.Next(4));
        var file = File(
            new CarriedBatch { Certificate = enrolled.Certificate, Envelope = good },
            new CarriedBatch { Certificate = stranger.Sign(SigningContext.Certificate, new KeyCertificate()), Envelope = good },
            new CarriedBatch { Certificate = enrolled.Certificate },
            new CarriedBatch { Certificate = enrolled.Certificate, Envelope = Seal(collector, new BatchSealer(stranger, 0, default).Next()) });
        var outcome = await TakeAsync(collector, file);
        Assert.Equal((4, 4), (outcome.Batches, outcome.Accepted));
        Assert.Equal([(Refusals.UnknownKey, 2), (Refusals.WrongRecipient, 1)], outcome.Rejected.Select(item => (item.Key, item.Value)));
        var unit = Convert.ToHexStringLower(KeyCertificate.Parser.ParseFrom(enrolled.Certificate.Statement).Unit.Span);
        Assert.Equal(4, await collector.ReadAsync<long>($"select count(*) from measurement where unit = '\\x{unit}'"));
    }

    [Fact]
    public async Task A_file_that_is_cut_keeps_what_came_before()
    {
        var collector = await fixture.CollectorAsync();
        var (key, enrolled) = await TestSession.EnrolAsync(collector, await collector.InviteAsync());
        var sealer = new BatchSealer(key, 0, default);
        var whole = File(
            new CarriedBatch { Certificate = enrolled.Certificate, Envelope = Seal(collector, sealer.Next()) },
            new CarriedBatch { Certificate = enrolled.Certificate, Envelope = Seal(collector, sealer.Next()) });
        var error = await Assert.ThrowsAsync<InvalidDataException>(() => TakeAsync(collector, new MemoryStream(whole.ToArray()[..^100])));
        Assert.Contains("behind 1 batches", error.Message, StringComparison.Ordinal);
        var unit = Convert.ToHexStringLower(KeyCertificate.Parser.ParseFrom(enrolled.Certificate.Statement).Unit.Span);
        Assert.Equal(2, await collector.ReadAsync<long>($"select count(*) from measurement where unit = '\\x{unit}'"));
    }

    static Envelope Seal(RunningCollector collector, Batch batch) =>
        Sealed.TrySeal(Google.Protobuf.MessageExtensions.ToByteArray(batch), collector.Fleet.Keys.Encryption[0].PublicKey)!;

    static MemoryStream File(params CarriedBatch[] batches)
    {
        var file = new MemoryStream();
        CarriedFile.WriteHead(file);
        foreach (var batch in batches)
            CarriedFile.Write(file, batch);
        file.Position = 0;
        return file;
    }

    static async Task<CarriedOutcome> TakeAsync(RunningCollector collector, MemoryStream file)
    {
        Assert.True(CarriedFile.TryReadHead(file));
        return await CarriedIntake.TakeAsync(
            file, collector.Fleet, collector.Services.GetRequiredService<IBatchQueue>(), RunningCollector.Today, _ => { }, TestContext.Current.CancellationToken);
    }
}
