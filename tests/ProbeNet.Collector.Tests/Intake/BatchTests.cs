using Google.Protobuf;
using Grpc.Core;
using ProbeNet.Protos;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Tests.Intake;

public sealed class BatchTests(CollectorFixture fixture)
{
    [Fact]
    public async Task A_batch_is_stored_before_its_receipt_and_a_repetition_is_acknowledged_again()
    {
        var (collector, session, sealer, key) = await StartAsync();
        using (session)
        {
            var batch = sealer.Next(3);
            var envelope = session.Seal(batch);
            await session.SendAsync(new() { Batch = envelope });
            var receipt = await session.ReceiptAsync(collector);
            Assert.Equal(ReceiptOutcome.Accepted, receipt.Outcome);
            Assert.Equal(3u, receipt.Count);
            Assert.Equal(Sealed.Hash(envelope), receipt.EnvelopeHash.ToByteArray());
            Assert.Equal(BatchSealer.SealHash(batch.Seal), receipt.SealHash.ToByteArray());
            var hash = Convert.ToHexStringLower(receipt.SealHash.Span);
            Assert.Equal(3, await collector.ReadAsync<long>($"select count(*) from measurement where batch = '\\x{hash}'"));

            await session.SendAsync(new() { Batch = envelope });
            Assert.Equal(ReceiptOutcome.Accepted, (await session.ReceiptAsync(collector)).Outcome);
            Assert.Equal(3, await collector.ReadAsync<long>($"select count(*) from measurement where batch = '\\x{hash}'"));
            Assert.Equal(key.PublicKey.Bytes, SealHeader.Parser.ParseFrom(batch.Seal.Statement).PublicKey);
        }
    }

    [Fact]
    public async Task A_forged_signature_is_rejected_with_a_receipt_and_the_session_goes_on()
    {
        var (collector, session, sealer, _) = await StartAsync();
        using (session)
        {
            var batch = sealer.Next();
            batch.Seal.Signature = batch.Seal.Signature.Altered();
            Assert.Equal(Refusals.BadSignature, await RejectedAsync(collector, session, session.Seal(batch)));
            await session.SendAsync(new() { Batch = session.Seal(sealer.Next()) });
            Assert.Equal(ReceiptOutcome.Accepted, (await session.ReceiptAsync(collector)).Outcome);
        }
    }

    [Fact]
    public async Task A_measurement_that_is_not_under_the_root_is_rejected()
    {
        var (collector, session, sealer, _) = await StartAsync();
        using (session)
        {
            var batch = sealer.Next();
            batch.Measurements[0].Facts = batch.Measurements[0].Facts.Altered();
            Assert.Equal(Refusals.BadRoot, await RejectedAsync(collector, session, session.Seal(batch)));
        }
    }

    [Fact]
    public async Task Another_keys_batch_is_rejected()
    {
        var (collector, session, _, _) = await StartAsync();
        using (session)
        using (var other = SigningKey.Create())
            Assert.Equal(Refusals.UnknownKey, await RejectedAsync(collector, session, session.Seal(new BatchSealer(other, 0, default).Next())));
    }

    [Fact]
    public async Task What_is_truncated_altered_or_for_another_collector_is_rejected()
    {
        var (collector, session, sealer, _) = await StartAsync();
        using (session)
        {
            var envelope = session.Seal(sealer.Next());
            var cut = envelope.Clone();
            cut.Ciphertext = ByteString.CopyFrom(cut.Ciphertext.Span[..100]);
            Assert.Equal(Refusals.Malformed, await RejectedAsync(collector, session, cut));
            var altered = envelope.Clone();
            altered.Ciphertext = altered.Ciphertext.Altered();
            Assert.Equal(Refusals.Malformed, await RejectedAsync(collector, session, altered));
            var elsewhere = envelope.Clone();
            elsewhere.Recipient = elsewhere.Recipient.Altered();
            Assert.Equal(Refusals.WrongRecipient, await RejectedAsync(collector, session, elsewhere));
            Assert.Equal(Refusals.Malformed, await RejectedAsync(collector, session, session.Seal(new Knock { Nonce = ByteString.CopyFromUtf8("no batch") })));
        }
    }

    [Fact]
    public async Task An_envelope_larger_than_any_is_rejected_and_a_monstrous_message_ends_the_session()
    {
        var (collector, session, sealer, _) = await StartAsync();
        using (session)
        {
            var envelope = session.Seal(sealer.Next());
            envelope.Ciphertext = ByteString.CopyFrom(new byte[Sealed.Sizes[^1] + 1000]);
            Assert.Equal(Refusals.TooLarge, await RejectedAsync(collector, session, envelope));
            envelope.Ciphertext = ByteString.CopyFrom(new byte[5 * Sealed.Sizes[^1]]);
            // Whether the reason still reaches who is busy writing is the transport's luck.
            await Assert.ThrowsAsync<RpcException>(async () =>
            {
                await session.SendAsync(new() { Batch = envelope });
                await session.NextAsync();
            });
            using var next = await TestSession.OpenAsync(collector);
            Assert.NotEmpty(next.Proof.CollectorNonce);
        }
    }

    [Fact]
    public async Task Fields_and_messages_of_newer_agents_are_passed_over()
    {
        var (collector, session, sealer, _) = await StartAsync();
        using (session)
        {
            // Field 99, length-delimited, "new".
            var unknown = new byte[] { 0x9A, 0x06, 3, (byte)'n', (byte)'e', (byte)'w' };
            await session.SendAsync(AgentMessage.Parser.ParseFrom(unknown));
            var batch = Batch.Parser.ParseFrom([.. sealer.Next().ToByteArray(), .. unknown]);
            var message = AgentMessage.Parser.ParseFrom([.. new AgentMessage { Batch = session.Seal(batch) }.ToByteArray(), .. unknown]);
            await session.SendAsync(message);
            Assert.Equal(ReceiptOutcome.Accepted, (await session.ReceiptAsync(collector)).Outcome);
        }
    }

    [Fact]
    public async Task A_withdrawal_is_durable_and_only_the_keys_own()
    {
        var (collector, session, sealer, key) = await StartAsync();
        using (session)
        {
            await session.SendAsync(new() { Batch = session.Seal(sealer.Next()) });
            var receipt = await session.ReceiptAsync(collector);
            await session.SendAsync(new() { Withdrawal = key.Sign(SigningContext.Withdrawal, new Withdrawal { PublicKey = key.PublicKey.Bytes, ThroughSequence = 1 }) });
            Assert.True((await session.NextAsync()).Withdrawn.Durable);
            Assert.Equal(0, await collector.ReadAsync<long>($"select count(*) from measurement where batch = '\\x{Convert.ToHexStringLower(receipt.SealHash.Span)}'"));
            using var other = SigningKey.Create();
            await session.SendAsync(new() { Withdrawal = other.Sign(SigningContext.Withdrawal, new Withdrawal { PublicKey = key.PublicKey.Bytes }) });
            Assert.Equal(Refusals.BadSignature, await session.RefusalAsync());
        }
    }

    async Task<(RunningCollector, TestSession, BatchSealer, SigningKey)> StartAsync()
    {
        var collector = await fixture.CollectorAsync();
        var (key, enrolled) = await TestSession.EnrolAsync(collector, await collector.InviteAsync());
        return (collector, await TestSession.WelcomedAsync(collector, key, enrolled.Certificate), new(key, 0, default), key);
    }

    static async Task<string> RejectedAsync(RunningCollector collector, TestSession session, Envelope envelope)
    {
        await session.SendAsync(new() { Batch = envelope });
        var receipt = await session.ReceiptAsync(collector);
        Assert.Equal(ReceiptOutcome.Rejected, receipt.Outcome);
        Assert.Equal(Sealed.Hash(envelope), receipt.EnvelopeHash.ToByteArray());
        return receipt.Reason;
    }
}
