using System.Net;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using ProbeNet.Collector.Fleet;
using ProbeNet.Collector.Fleet.Enrolment;
using ProbeNet.Protos;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Tests.Intake;

public sealed class EnrolmentTests(CollectorFixture fixture)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_invite_makes_a_certified_key_and_no_row_links_the_two()
    {
        var collector = await fixture.CollectorAsync();
        var (key, enrolled) = await TestSession.EnrolAsync(collector, await collector.InviteAsync(role: Role.Control));
        var certificate = KeyCertificate.Parser.ParseFrom(enrolled.Certificate.Statement);
        Assert.True(collector.Fleet.Keys.Identity.PublicKey.Verify(SigningContext.Certificate, enrolled.Certificate));
        Assert.Equal((key.PublicKey.Bytes, Role.Control, 64501u, AsnSource.Agent, "KH"),
            (certificate.PublicKey, certificate.Role, certificate.Asn, certificate.AsnSource, certificate.Cc));
        Assert.Equal(0, await collector.ReadAsync<long>(
            "select count(*) from information_schema.columns where table_name = 'agent_key' and (column_name like '%invite%' or column_name like '%redemption%')"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task One_volunteer_is_one_unit_on_one_network_whatever_its_keys(int keys)
    {
        var collector = await fixture.CollectorAsync();
        var (_, enrolled) = await TestSession.EnrolAsync(collector, await collector.InviteAsync());
        var first = KeyCertificate.Parser.ParseFrom(enrolled.Certificate.Statement);
        var credential = enrolled.Credential;
        for (var number = 0; number < keys; number++)
        {
            var certified = await CertifyAsync(collector, credential, 64501);
            credential = certified.Credential;
            Assert.Equal(first.Unit, KeyCertificate.Parser.ParseFrom(certified.Certificate.Statement).Unit);
        }
        var elsewhere = KeyCertificate.Parser.ParseFrom((await CertifyAsync(collector, credential, 64777)).Certificate.Statement);
        Assert.NotEqual(first.Unit, elsewhere.Unit);
        Assert.NotEqual(first.Group, elsewhere.Group);
    }

    [Fact]
    public async Task A_named_group_is_one_tag_for_all_it_recruited()
    {
        var collector = await fixture.CollectorAsync();
        var invite = await collector.InviteAsync(uses: 2, group: "Mekong Rights");
        var first = KeyCertificate.Parser.ParseFrom((await TestSession.EnrolAsync(collector, invite)).Enrolled.Certificate.Statement);
        var second = KeyCertificate.Parser.ParseFrom((await TestSession.EnrolAsync(collector, invite)).Enrolled.Certificate.Statement);
        Assert.NotEqual(first.Unit, second.Unit);
        Assert.Equal(first.Group, second.Group);
    }

    [Fact]
    public async Task A_used_up_invite_is_refused_but_a_lost_answer_costs_no_use()
    {
        var collector = await fixture.CollectorAsync();
        var invite = await collector.InviteAsync();
        var (key, _) = await TestSession.EnrolAsync(collector, invite);
        using (var again = await TestSession.OpenAsync(collector))
        {
            await again.SendAsync(new() { Redeem = again.Redeem(key, invite) });
            Assert.Equal(CollectorMessage.MessageOneofCase.Enrolled, (await again.NextAsync()).MessageCase);
        }
        Assert.Equal(Refusals.UsedInvite, await RefusedAsync(collector, invite));
    }

    [Fact]
    public async Task An_altered_an_expired_and_a_revoked_invite_are_refused()
    {
        var collector = await fixture.CollectorAsync();
        var invite = await collector.InviteAsync();
        Assert.Equal(Refusals.BadInvite, await RefusedAsync(collector, [.. invite[..^1], (byte)(invite[^1] ^ 1)]));
        Assert.Equal(Refusals.ExpiredInvite, await RefusedAsync(collector, await collector.InviteAsync(days: 0)));
        var revoked = await collector.InviteAsync();
        var desk = collector.Services.GetRequiredService<InviteDesk>();
        var id = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(revoked))[..8];
        Assert.True(await desk.RevokeAsync(id, Cancel));
        Assert.Equal(Refusals.BadInvite, await RefusedAsync(collector, revoked));
    }

    [Fact]
    public async Task An_altered_credential_is_unknown()
    {
        var collector = await fixture.CollectorAsync();
        var (_, enrolled) = await TestSession.EnrolAsync(collector, await collector.InviteAsync());
        using var key = SigningKey.Create();
        using var session = await TestSession.OpenAsync(collector);
        await session.SendAsync(new() { Certify = session.Certify(key, enrolled.Credential.Altered()) });
        Assert.Equal(Refusals.UnknownKey, await session.RefusalAsync());
    }

    [Fact]
    public async Task A_key_that_is_not_held_cannot_be_enrolled()
    {
        var collector = await fixture.CollectorAsync();
        using var key = SigningKey.Create();
        using var session = await TestSession.OpenAsync(collector);
        await session.SendAsync(new() { Redeem = session.Redeem(key, await collector.InviteAsync(), request => request.Possession = request.Possession.Altered()) });
        Assert.Equal(Refusals.BadSignature, await session.RefusalAsync());
    }

    [Theory]
    [InlineData("11.5.0.9", "11.5.0.9", true)]
    [InlineData("11.5.0.9", "11.5.0.10", false)]
    [InlineData("2a0b:1:2:3400::1", "2a0b:1:2:34ff:9::2", true)]
    [InlineData("2a0b:1:2:3400::1", "2a0b:1:2:3500::1", false)]
    [InlineData("127.0.0.1", "127.0.0.1", false)]
    public void Two_enrolments_from_one_line_within_a_day_are_one_group(string first, string second, bool joined)
    {
        var clock = new FakeTimeProvider();
        var lines = new Lines(clock);
        var one = Fresh(1);
        lines.Join(one, IPAddress.Parse(first));
        clock.Advance(TimeSpan.FromHours(23));
        var two = Fresh(2);
        lines.Join(two, IPAddress.Parse(second));
        var secret = new EpochSecret(1, new byte[32]);
        Assert.Equal(joined, secret.Group(one, 64501).AsSpan().SequenceEqual(secret.Group(two, 64501)));
        clock.Advance(TimeSpan.FromHours(2));
        var late = Fresh(3);
        lines.Join(late, IPAddress.Parse(first));
        Assert.NotEqual(secret.Group(one, 64501), secret.Group(late, 64501));
    }

    static Credential Fresh(byte number) => new() { Redemption = ByteString.CopyFrom(number) };

    static async Task<Certified> CertifyAsync(RunningCollector collector, ByteString credential, uint asn)
    {
        using var key = SigningKey.Create();
        using var session = await TestSession.OpenAsync(collector);
        await session.SendAsync(new() { Certify = session.Certify(key, credential, request => request.Asn = asn) });
        return (await session.NextAsync()).Certified;
    }

    static async Task<string> RefusedAsync(RunningCollector collector, byte[] invite)
    {
        using var key = SigningKey.Create();
        using var session = await TestSession.OpenAsync(collector);
        await session.SendAsync(new() { Redeem = session.Redeem(key, invite) });
        return await session.RefusalAsync();
    }
}
