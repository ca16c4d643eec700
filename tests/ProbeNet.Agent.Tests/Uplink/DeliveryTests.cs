using System.Collections.Concurrent;
using Google.Protobuf;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Sealing;
using ProbeNet.Agent.Spool;
using ProbeNet.Agent.Uplink;
using ProbeNet.Protos;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Tests.Uplink;

public sealed class DeliveryTests
{
    [Theory]
    [InlineData("standing")]
    [InlineData("brief")]
    public async Task What_is_measured_arrives_and_is_counted_as_accepted(string mode)
    {
        await using var collector = await ScriptedCollector.StartAsync();
        await using var agent = new AgentUnderTest(settings: ("Agent:Session:Mode", mode));
        Assert.Equal(ContactEnd.Done, await agent.RedeemAsync(collector));
        await agent.StartAsync();
        await agent.MeasureAsync(450);
        await AgentUnderTest.UntilAsync(() => agent.Status.Tally.Accepted == 450, "450 measurements are accepted");
        Assert.Equal(450, collector.Batches.Sum(batch => batch.Measurements.Count));
        Assert.Equal((450, 0), (agent.Status.Produced, agent.Status.Waiting));
        Assert.All(collector.UserAgents, Assert.Empty);
    }

    [Fact]
    public async Task Batches_of_a_key_are_a_chain()
    {
        await using var collector = await ScriptedCollector.StartAsync();
        await using var agent = new AgentUnderTest();
        await agent.RedeemAsync(collector);
        await agent.StartAsync();
        for (var i = 1; i <= 3; i++)
        {
            await agent.MeasureAsync(5);
            await AgentUnderTest.UntilAsync(() => agent.Status.Waiting == 0, "all is accepted");
        }
        var previous = ByteString.Empty;
        var sequence = 0UL;
        foreach (var batch in collector.Batches)
        {
            var header = SealHeader.Parser.ParseFrom(batch.Seal.Statement);
            Assert.Equal((previous, sequence + 1), (header.Previous, header.Sequence));
            (previous, sequence) = (ByteString.CopyFrom(BatchSealer.SealHash(batch.Seal)), header.Sequence);
        }
    }

    [Fact]
    public async Task A_final_rejection_is_counted_and_not_sent_again()
    {
        await using var collector = await ScriptedCollector.StartAsync();
        collector.Answer = _ => new() { Outcome = ReceiptOutcome.Rejected, Reason = Refusals.BadRoot };
        await using var agent = new AgentUnderTest();
        await agent.RedeemAsync(collector);
        await agent.StartAsync();
        await agent.MeasureAsync(7);
        await AgentUnderTest.UntilAsync(() => agent.Status.Tally.Rejected == 7, "7 measurements are rejected");
        Assert.Equal(0, agent.Status.Waiting);
    }

    [Fact]
    public async Task A_passing_refusal_leaves_the_batch_waiting_until_it_is_taken()
    {
        await using var collector = await ScriptedCollector.StartAsync();
        var refusals = 2;
        collector.Answer = _ => refusals-- > 0
            ? new() { Outcome = ReceiptOutcome.Rejected, Reason = Refusals.Unavailable }
            : new() { Outcome = ReceiptOutcome.Accepted };
        await using var agent = new AgentUnderTest();
        await agent.RedeemAsync(collector);
        await agent.StartAsync();
        await agent.MeasureAsync(3);
        await AgentUnderTest.UntilAsync(() => agent.Status.Waiting == 0, "the batches are accepted");
        Assert.Equal((3, 0), (agent.Status.Tally.Accepted, agent.Status.Tally.Rejected));
    }

    [Fact]
    public async Task A_broken_stream_sends_the_same_bytes_again()
    {
        await using var collector = await ScriptedCollector.StartAsync();
        var losses = 2;
        collector.Answer = _ => losses-- > 0 ? throw new InvalidOperationException("gone") : new() { Outcome = ReceiptOutcome.Accepted };
        await using var agent = new AgentUnderTest();
        await agent.RedeemAsync(collector);
        await agent.MeasureAsync(20);
        await agent.StartAsync();
        await AgentUnderTest.UntilAsync(() => agent.Status.Tally.Accepted == 20, "20 measurements are accepted");
        Assert.True(collector.Batches.Count >= 3);
        Assert.Single(collector.Batches.Select(batch => batch.Seal).Distinct());
    }

    [Fact]
    public async Task What_has_a_receipt_is_not_sent_again_by_an_agent_that_was_told_to_come_later()
    {
        const int batches = 12;
        await using var collector = await ScriptedCollector.StartAsync();
        collector.MostOfSession = 5;
        await using var agent = new AgentUnderTest();
        await agent.RedeemAsync(collector);
        for (var i = 0; i < batches; i++)
        {
            await agent.MeasureAsync(1);
            agent.Get<Sealer>().SealAll();
        }
        await agent.StartAsync();
        await AgentUnderTest.UntilAsync(() => agent.Status.Tally.Accepted == batches, "all are accepted");
        Assert.Equal(batches, collector.Batches.Count);
    }

    [Fact]
    public async Task What_waited_is_delivered_by_the_next_run()
    {
        await using var collector = await ScriptedCollector.StartAsync();
        collector.Answer = _ => null;
        await using var first = new AgentUnderTest { KeepsState = true };
        await first.RedeemAsync(collector);
        await first.StartAsync();
        await first.MeasureAsync(10);
        await AgentUnderTest.UntilAsync(() => !collector.Batches.IsEmpty, "a batch arrives");
        await first.DisposeAsync();

        collector.Answer = _ => new() { Outcome = ReceiptOutcome.Accepted };
        await using var second = new AgentUnderTest(first.StateDirectory);
        await second.StartAsync();
        await AgentUnderTest.UntilAsync(() => second.Status.Tally.Accepted == 10, "10 measurements are accepted");
        Assert.Equal(10, second.Status.Produced);
    }

    [Fact]
    public async Task A_receipt_that_another_key_signed_settles_nothing()
    {
        await using var collector = await ScriptedCollector.StartAsync();
        await using var agent = new AgentUnderTest();
        await agent.RedeemAsync(collector);
        using var impostor = SigningKey.Create();
        var isAsked = false;
        collector.Answer = _ =>
        {
            collector.Impostor = impostor;
            isAsked = true;
            return new() { Outcome = ReceiptOutcome.Accepted };
        };
        await agent.MeasureAsync(4);
        await agent.StartAsync();
        await AgentUnderTest.UntilAsync(() => isAsked && agent.Get<StateFile<UplinkState>>().Current?.Result == nameof(ContactResult.NotTheCollector), "the impostor is seen");
        Assert.Equal((0, 4), (agent.Status.Tally.Accepted, agent.Status.Waiting));
    }

    [Fact]
    public async Task A_revoked_key_delivers_nothing_and_what_waits_counts_as_rejected()
    {
        await using var collector = await ScriptedCollector.StartAsync();
        await using var agent = new AgentUnderTest();
        await agent.RedeemAsync(collector);
        collector.RefuseHello = new() { Reason = Refusals.RevokedKey };
        await agent.MeasureAsync(4);
        await agent.StartAsync();
        await AgentUnderTest.UntilAsync(() => agent.Status.Tally.Rejected == 4, "4 measurements are rejected");
        Assert.Empty(collector.Batches);
    }

    [Fact]
    public async Task Each_network_has_a_key_and_each_key_a_connection_of_its_own()
    {
        await using var collector = await ScriptedCollector.StartAsync();
        await using var agent = new AgentUnderTest();
        await agent.RedeemAsync(collector);
        var home = agent.Get<NetworkKeys>().Current();
        await agent.MeasureAsync(3);
        agent.Gateway = new("wlan0", "198.51.100.1", "02:00:00:00:00:02");
        await agent.MeasureAsync(2);
        await agent.StartAsync();
        await AgentUnderTest.UntilAsync(() => agent.Status.Tally.Accepted == 5, "5 measurements are accepted");

        var keys = new ConcurrentDictionary<ByteString, int>();
        foreach (var batch in collector.Batches)
            keys.AddOrUpdate(SealHeader.Parser.ParseFrom(batch.Seal.Statement).PublicKey, batch.Measurements.Count, (_, n) => n + batch.Measurements.Count);
        Assert.Equal(3, keys[home.PublicKey]);
        Assert.Equal(2, keys[agent.Get<NetworkKeys>().Current().PublicKey]);
        Assert.Equal(collector.Connections.Count, collector.Connections.Distinct().Count());
    }

    [Fact]
    public async Task An_export_holds_what_waits_and_marks_nothing_as_sent()
    {
        await using var collector = await ScriptedCollector.StartAsync();
        await using var agent = new AgentUnderTest();
        await agent.RedeemAsync(collector);
        await agent.MeasureAsync(250);
        agent.Get<Sealer>().SealAll();
        using var file = new MemoryStream();
        Assert.Equal(new(2, 250, 0), SpoolExport.Write(agent.Get<ChunkSpool>(), agent.Get<NetworkKeys>(), file));
        Assert.Equal(250, agent.Status.Waiting);

        file.Position = 0;
        Assert.True(CarriedFile.TryReadHead(file));
        var count = 0;
        while (CarriedFile.TryRead(file, out var carried, out _))
        {
            var batch = Batch.Parser.ParseFrom(Sealed.TryDecompress(Sealed.TryOpen(carried.Envelope, collector.Decryption)!)!.Memory.Span);
            Assert.Null(BatchCheck.Check(batch, out var seal));
            Assert.Equal(KeyCertificate.Parser.ParseFrom(carried.Certificate.Statement).PublicKey, seal!.Header.PublicKey);
            count += batch.Measurements.Count;
        }
        Assert.Equal(250, count);
    }
}
