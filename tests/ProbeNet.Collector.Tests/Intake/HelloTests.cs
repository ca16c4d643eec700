using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using ProbeNet.Collector.Fleet;
using ProbeNet.Collector.Fleet.Keys;
using ProbeNet.Protos;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Tests.Intake;

public sealed class HelloTests(CollectorFixture fixture)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_collector_proves_itself_over_the_agents_nonce()
    {
        var collector = await fixture.CollectorAsync();
        using var session = await TestSession.OpenAsync(collector);
        Assert.True(collector.Fleet.Keys.Identity.PublicKey.Verify(SigningContext.Proof, session.SignedProof));
        Assert.Equal(32, session.Proof.AgentNonce.Length);
        Assert.Equal(collector.Fleet.Keys.Encryption[0].PublicKey, session.Proof.EncryptionKey.ToByteArray());
    }

    [Fact]
    public async Task A_certificate_that_another_collector_signed_is_unknown()
    {
        var collector = await fixture.CollectorAsync();
        using var stranger = SigningKey.Create();
        Assert.Equal(Refusals.UnknownKey, await RefusedAsync(collector, stranger, certificate => { }));
    }

    [Fact]
    public async Task An_expired_certificate_is_refused()
    {
        var collector = await fixture.CollectorAsync();
        Assert.Equal(Refusals.ExpiredKey, await RefusedAsync(collector, collector.Fleet.Keys.Identity, certificate => certificate.ExpiresDay = RunningCollector.Today));
    }

    [Fact]
    public async Task Who_does_not_hold_the_key_is_refused()
    {
        var collector = await fixture.CollectorAsync();
        var (_, enrolled) = await TestSession.EnrolAsync(collector, await collector.InviteAsync());
        using var other = SigningKey.Create();
        using var session = await TestSession.OpenAsync(collector);
        await session.SendAsync(new() { Hello = session.Hello(other, enrolled.Certificate) });
        Assert.Equal(Refusals.BadSignature, await session.RefusalAsync());
    }

    [Theory]
    [InlineData(-301)]
    [InlineData(301)]
    [InlineData(long.MaxValue / 2)]
    public async Task A_clock_more_than_five_minutes_off_is_refused(long seconds)
    {
        var collector = await fixture.CollectorAsync();
        var (key, enrolled) = await TestSession.EnrolAsync(collector, await collector.InviteAsync());
        using var session = await TestSession.OpenAsync(collector);
        var hello = session.Hello(key, enrolled.Certificate);
        hello.Clock += seconds;
        await session.SendAsync(new() { Hello = hello });
        Assert.Equal(Refusals.ClockSkew, await session.RefusalAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_revoked_key_or_unit_loses_its_open_session_and_gets_no_other(bool unit)
    {
        var collector = await fixture.CollectorAsync();
        var (key, enrolled) = await TestSession.EnrolAsync(collector, await collector.InviteAsync());
        var certificate = KeyCertificate.Parser.ParseFrom(enrolled.Certificate.Statement);
        using (var session = await TestSession.WelcomedAsync(collector, key, enrolled.Certificate))
        {
            var id = Convert.ToHexStringLower(unit ? certificate.Unit.Span : KeyId.Of(certificate.PublicKey.Span));
            Assert.Equal(1, await collector.Services.GetRequiredService<AgentKeys>().RevokeAsync(id, Cancel));
            Assert.Equal(Refusals.RevokedKey, await session.RefusalAsync());
        }
        using var again = await TestSession.OpenAsync(collector);
        await again.SendAsync(new() { Hello = again.Hello(key, enrolled.Certificate) });
        Assert.Equal(Refusals.RevokedKey, await again.RefusalAsync());
    }

    [Fact]
    public async Task A_revoked_units_volunteer_gets_no_other_certificate()
    {
        var collector = await fixture.CollectorAsync();
        var (_, enrolled) = await TestSession.EnrolAsync(collector, await collector.InviteAsync());
        var unit = Convert.ToHexStringLower(KeyCertificate.Parser.ParseFrom(enrolled.Certificate.Statement).Unit.Span);
        await collector.Services.GetRequiredService<AgentKeys>().RevokeAsync(unit, Cancel);
        using var next = SigningKey.Create();
        using var session = await TestSession.OpenAsync(collector);
        // On another network the unit would be another: the volunteer behind it is recognised all the same.
        await session.SendAsync(new() { Certify = session.Certify(next, enrolled.Credential, request => request.Asn = 64999) });
        Assert.Equal(Refusals.RevokedKey, await session.RefusalAsync());
    }

    [Fact]
    public async Task A_batch_before_hello_and_a_nonce_of_the_wrong_size_are_malformed()
    {
        var collector = await fixture.CollectorAsync();
        using (var session = await TestSession.OpenAsync(collector))
        {
            await session.SendAsync(new() { Batch = session.Seal(new Batch()) });
            Assert.Equal(Refusals.Malformed, await session.RefusalAsync());
        }
        using var call = collector.Client().Open(cancellationToken: Cancel);
        await call.RequestStream.WriteAsync(new() { Knock = new() { Nonce = ByteString.CopyFromUtf8("short") } }, Cancel);
        Assert.True(await call.ResponseStream.MoveNext(Cancel));
        Assert.Equal(Refusals.Malformed, call.ResponseStream.Current.Refusal.Reason);
    }

    [Fact]
    public async Task Envelopes_sealed_to_a_former_encryption_key_are_still_opened()
    {
        await using var collector = await RunningCollector.StartAsync();
        var (key, enrolled) = await TestSession.EnrolAsync(collector, await collector.InviteAsync());
        using var session = await TestSession.WelcomedAsync(collector, key, enrolled.Certificate);
        var former = session.Proof.EncryptionKey;
        await collector.Services.GetRequiredService<CollectorKeyStore>().RotateAsync(CollectorKeyKind.Encryption, Cancel);
        await collector.SeesAsync(fleet => !fleet.Keys.Encryption[0].PublicKey.AsSpan().SequenceEqual(former.Span));
        await session.SendAsync(new() { Batch = session.Seal(new BatchSealer(key, 0, default).Next()) });
        Assert.Equal(ReceiptOutcome.Accepted, (await session.ReceiptAsync(collector)).Outcome);
    }

    static async Task<string> RefusedAsync(RunningCollector collector, SigningKey issuer, Action<KeyCertificate> change)
    {
        using var key = SigningKey.Create();
        var certificate = new KeyCertificate { PublicKey = key.PublicKey.Bytes, ExpiresDay = RunningCollector.Today + 10 };
        change(certificate);
        using var session = await TestSession.OpenAsync(collector);
        await session.SendAsync(new() { Hello = session.Hello(key, issuer.Sign(SigningContext.Certificate, certificate)) });
        return await session.RefusalAsync();
    }
}
