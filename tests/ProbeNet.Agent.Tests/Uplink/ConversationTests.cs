using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Sealing;
using ProbeNet.Agent.TestLists;
using ProbeNet.Agent.Tests.TestLists;
using ProbeNet.Agent.Uplink;
using ProbeNet.Protos;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Tests.Uplink;

public sealed class ConversationTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_altered_invite_and_a_wrong_secret_are_refused_with_a_remedy()
    {
        await using var collector = await ScriptedCollector.StartAsync();
        await using var agent = new AgentUnderTest();
        var client = agent.Get<EnrollmentClient>();
        var altered = await client.RedeemAsync(InviteText.Write(collector.Invite)[..^3], Ct);
        var invite = collector.Invite;
        invite.Secret = ByteString.CopyFromUtf8("another");
        var wrong = await client.RedeemAsync(InviteText.Write(invite), Ct);
        Assert.Equal((ContactResult.Refused, Refusals.BadInvite), (altered.Result, altered.Reason));
        Assert.Equal((ContactResult.Refused, Refusals.BadInvite, "Ask for another."), (wrong.Result, wrong.Reason, wrong.Remedy));
        Assert.Null(agent.Get<StateFile<Enrollment>>().Current);
    }

    [Fact]
    public async Task Who_does_not_hold_the_identity_key_learns_nothing()
    {
        await using var collector = await ScriptedCollector.StartAsync();
        using var impostor = SigningKey.Create();
        collector.Impostor = impostor;
        await using var agent = new AgentUnderTest();
        Assert.Equal(ContactResult.NotTheCollector, (await agent.RedeemAsync(collector)).Result);
        Assert.Empty(collector.Requests);
    }

    [Fact]
    public async Task Outside_the_secret_path_nothing_answers()
    {
        await using var collector = await ScriptedCollector.StartAsync();
        await using var agent = new AgentUnderTest();
        var invite = collector.Invite;
        invite.Addresses[0] = invite.Addresses[0].Replace("/a-secret", "/a-guess", StringComparison.Ordinal);
        Assert.Equal(ContactResult.Unreachable, (await agent.Get<EnrollmentClient>().RedeemAsync(InviteText.Write(invite), Ct)).Result);
    }

    [Fact]
    public async Task A_second_address_serves_where_the_first_is_dead()
    {
        await using var collector = await ScriptedCollector.StartAsync();
        await using var agent = new AgentUnderTest();
        var invite = collector.Invite;
        invite.Addresses.Add("http://127.0.0.1:1/a-secret");
        for (var i = 0; i < 4; i++)
            Assert.Equal(ContactEnd.Done, await agent.Get<EnrollmentClient>().RedeemAsync(InviteText.Write(invite), Ct));
    }

    [Fact]
    public async Task A_self_made_certificate_is_taken_only_when_the_invite_pins_it()
    {
        using var rsa = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        await using var collector = await ScriptedCollector.StartAsync(certificate);
        await using var agent = new AgentUnderTest();
        var client = agent.Get<EnrollmentClient>();
        var invite = collector.Invite;
        Assert.Equal(ContactResult.Unreachable, (await client.RedeemAsync(InviteText.Write(invite), Ct)).Result);
        invite.TlsPin = ByteString.CopyFrom(SHA256.HashData("another key"u8));
        Assert.Equal(ContactResult.Unreachable, (await client.RedeemAsync(InviteText.Write(invite), Ct)).Result);
        invite.TlsPin = ByteString.CopyFrom(SHA256.HashData(certificate.PublicKey.ExportSubjectPublicKeyInfo()));
        Assert.Equal(ContactEnd.Done, await client.RedeemAsync(InviteText.Write(invite), Ct));
    }

    [Fact]
    public async Task Through_a_proxy_the_key_is_not_shown_as_direct()
    {
        await using var collector = await ScriptedCollector.StartAsync();
        using var proxy = new SocksProxy();
        await using var straight = new AgentUnderTest();
        await using var around = new AgentUnderTest(settings: ("Agent:Upload:Proxy", proxy.Address));
        Assert.Equal(ContactEnd.Done, await straight.RedeemAsync(collector));
        Assert.Equal(ContactEnd.Done, await around.RedeemAsync(collector));
        Assert.Equal([true, false], collector.Requests.Select(request => request.Direct));
        Assert.Equal(1, proxy.Connections);
    }

    [Fact]
    public async Task A_key_of_a_network_that_was_left_is_not_shown_as_direct()
    {
        await using var collector = await ScriptedCollector.StartAsync();
        await using var agent = new AgentUnderTest();
        await agent.RedeemAsync(collector);
        agent.Gateway = new("wlan0", "198.51.100.1", "");
        var cafe = agent.Get<NetworkKeys>().Current();
        agent.Gateway = new("eth0", "192.0.2.1", "02:00:00:00:00:01");
        Assert.Equal(ContactEnd.Done, await agent.Get<EnrollmentClient>().CertifyAsync(cafe, agent.Get<StateFile<Enrollment>>().Current!, Ct));
        Assert.False(collector.Requests.Last().Direct);
        Assert.Equal(64500u, agent.Get<NetworkKeys>().Find(cafe.Number)!.Certified!.Asn);
    }

    [Fact]
    public async Task A_list_is_taken_and_the_next_older_one_refused_with_a_reason()
    {
        await using var collector = await ScriptedCollector.StartAsync();
        await using var agent = new AgentUnderTest();
        await agent.RedeemAsync(collector);
        collector.AfterWelcome.Enqueue(new() { List = Sign(collector, version: 2) });
        collector.AfterWelcome.Enqueue(new() { List = Sign(collector, version: 1) });
        await agent.StartAsync();
        await AgentUnderTest.UntilAsync(() => collector.Others.Count(m => m.MessageCase == AgentMessage.MessageOneofCase.ListStatus) == 2, "both lists are answered");
        Assert.Equal(2u, agent.Get<TestListStore>().Current!.Version);
        var answers = collector.Others.Where(m => m.ListStatus is not null).Select(m => (m.ListStatus.Version, m.ListStatus.Applied, m.ListStatus.Reason));
        Assert.Equal([(2, true, ""), (1, false, TestListRefusals.NotNewer)], answers);
    }

    [Fact]
    public async Task A_task_is_decided_by_whoever_measures()
    {
        await using var collector = await ScriptedCollector.StartAsync();
        await using var agent = new AgentUnderTest();
        agent.Get<TaskInbox>().Decide = task => task.Input == "https://a.example/";
        await agent.RedeemAsync(collector);
        collector.AfterWelcome.Enqueue(new() { Task = new() { Id = ByteString.CopyFromUtf8("1"), Input = "https://a.example/" } });
        collector.AfterWelcome.Enqueue(new() { Task = new() { Id = ByteString.CopyFromUtf8("2"), Input = "https://b.example/" } });
        await agent.StartAsync();
        await AgentUnderTest.UntilAsync(() => collector.Others.Count(m => m.TaskOutcome is not null) == 2, "both tasks are answered");
        Assert.Equal([true, false], collector.Others.Where(m => m.TaskOutcome is not null).Select(m => m.TaskOutcome.Run));
    }

    [Fact]
    public async Task A_task_for_a_network_that_was_left_is_refused()
    {
        await using var collector = await ScriptedCollector.StartAsync();
        await using var agent = new AgentUnderTest();
        agent.Get<TaskInbox>().Decide = _ => true;
        await agent.RedeemAsync(collector);
        await agent.MeasureAsync(1);
        agent.Gateway = new("wlan0", "198.51.100.1", "");
        collector.AfterWelcome.Enqueue(new() { Task = new() { Id = ByteString.CopyFromUtf8("1"), Input = "https://a.example/" } });
        await agent.StartAsync();
        await AgentUnderTest.UntilAsync(() => collector.Others.Any(m => m.TaskOutcome is not null), "the task is answered");
        Assert.False(collector.Others.Single(m => m.TaskOutcome is not null).TaskOutcome.Run);
    }

    [Fact]
    public async Task A_volunteers_heartbeat_holds_no_count_that_would_join_its_keys()
    {
        await using var collector = await ScriptedCollector.StartAsync();
        await using var agent = new AgentUnderTest();
        await agent.RedeemAsync(collector);
        await agent.StartAsync();
        await agent.MeasureAsync(5);
        await AgentUnderTest.UntilAsync(() => collector.Others.Any(m => m.Heartbeat is not null), "a heartbeat comes");
        Assert.All(collector.Others.Where(m => m.Heartbeat is not null), m => Assert.Equal(0u, m.Heartbeat.Produced));
    }

    [Fact]
    public async Task A_withdrawal_is_signed_by_each_key_and_names_its_last_batch()
    {
        await using var collector = await ScriptedCollector.StartAsync();
        await using var agent = new AgentUnderTest();
        await agent.RedeemAsync(collector);
        await agent.MeasureAsync(201);
        var sealer = agent.Get<Sealer>();
        sealer.SealAll();
        var key = agent.Get<NetworkKeys>().Current();
        var ends = await agent.Get<WithdrawClient>().WithdrawAsync(0, sealer.LastSeal, Ct);
        Assert.Equal([new(key.Number, ContactEnd.Done)], ends);
        var signed = collector.Others.Single(m => m.Withdrawal is not null).Withdrawal;
        Assert.True(key.Signing.PublicKey.Verify(SigningContext.Withdrawal, signed));
        Assert.Equal(2u, Withdrawal.Parser.ParseFrom(signed.Statement).ThroughSequence);
    }

    static SignedTestList Sign(ScriptedCollector collector, ulong version) =>
        collector.ListKey.Sign(new TestList { Name = "kh", Version = version, ExpiresDay = uint.MaxValue });
}
