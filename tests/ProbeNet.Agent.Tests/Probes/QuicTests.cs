using System.Net;
using ProbeNet.Agent.Measurements;
using ProbeNet.Agent.Probes;
using ProbeNet.Agent.Probes.Quic;
using ProbeNet.Agent.Tests.Measurements;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Tests.Probes;

public sealed class QuicTests
{
    static readonly byte[] First = Convert.FromHexString("8394c8f03e515708");

    [Fact]
    public void The_servers_packet_of_the_standards_appendix_is_read()
    {
        // RFC 9001, A.3.
        var packet = Convert.FromHexString(
            "cf000000010008f067a5502a4262b5004075c0d95a482cd0991cd25b0aac406a5816b6394100f37a1c69797554780bb3"
            + "8cc5a99f5ede4cf73c3ec2493a1839b3dbcba3f6ea46c5b7684df3548e7ddeb9c3bf9c73cc3f3bded74b562bfb19fb84"
            + "022f8ef4cdd93795d77d06edbb7aaf2f58891850abbdca3d20398c276456cbc42158407dd074ee");
        Assert.Equal(QuicReplies.ServerHello, QuicReply.Read(packet, First, []).Kind);
        Assert.Equal(QuicReplies.Unreadable, QuicReply.Read(packet, [1, 2, 3, 4, 5, 6, 7, 8], []).Kind);
    }

    [Fact]
    public void An_initial_packet_fills_a_datagram_and_shows_its_name_to_who_reads_it()
    {
        var packet = QuicPacket.Initial(QuicPacket.Version1, First, [1, 2, 3, 4], ClientHello.Write("www.site.example", [1, 2, 3, 4]));
        Assert.Equal(1200, packet.Length);
        Assert.Equal("www.site.example", ScriptedQuic.NameIn(packet));
    }

    [Theory]
    [InlineData(QuicScript.Negotiate, QuicReplies.VersionNegotiation, 0u)]
    [InlineData(QuicScript.Hello, QuicReplies.ServerHello, 0u)]
    [InlineData(QuicScript.Close, QuicReplies.Close, 0x150u)]
    public async Task What_a_server_says_is_named(QuicScript script, string reply, uint code)
    {
        await using var server = new ScriptedQuic(_ => script, 0, "127.0.0.1");
        var exchange = await AskAsync(server.EndPoint);
        Assert.Equal(("", reply, code), (exchange.Failure, exchange.Reply, exchange.CloseCode));
    }

    [Fact]
    public async Task Silence_and_a_closed_port_are_told_apart()
    {
        await using var server = new ScriptedQuic(_ => QuicScript.Silence, 0, "127.0.0.1");
        Assert.Equal(FailureCodes.GenericTimeout, (await AskAsync(server.EndPoint)).Failure);
        var closed = new ScriptedQuic(_ => QuicScript.Silence, 0, "127.0.0.1");
        await closed.DisposeAsync();
        Assert.Equal(FailureCodes.ConnectionRefused, (await AskAsync(closed.EndPoint)).Failure);
    }

    [Fact]
    public async Task A_name_that_is_dropped_shows_against_a_packet_without_one()
    {
        await using var world = new TestWorld(new ProbesOptions { Quic = ProbeUse.On, ResidualWait = TimeSpan.FromMilliseconds(50) });
        world.Names["site.test"] = [world.Address(1)];
        world.Serve(1, 443, ScriptedServer.Https(TestAuthority.Valid("site.test"), _ => ScriptedServer.Response("200 OK", "a page")));
        await using var server = new ScriptedQuic(name => name == "site.test" ? QuicScript.Silence : QuicScript.Negotiate, 443, world.Address(1));

        var (facts, _, _) = await world.MeasureAsync("https://site.test/");

        Assert.Equal([true, false, false], facts.Quic.Select(one => one.ReservedVersion));
        Assert.Equal([QuicReplies.VersionNegotiation, "", ""], facts.Quic.Select(one => one.Reply));
        Assert.Equal(FailureCodes.GenericTimeout, facts.Quic[2].Failure);
        Assert.Equal(200u, Assert.Single(facts.Http).Status);
    }

    [Fact]
    public async Task Nothing_is_sent_over_QUIC_unless_it_was_turned_on()
    {
        await using var world = new TestWorld();
        world.Names["site.test"] = [world.Address(1)];
        var (facts, _, _) = await world.MeasureAsync("https://site.test/");
        Assert.Empty(facts.Quic);
    }

    static Task<QuicExchange> AskAsync(IPEndPoint peer)
    {
        var sockets = new ProbeSockets(new AddressPolicy(() => [], _ => true), null, new TrafficMeter());
        return new QuicProbe(sockets, TimeSpan.FromMilliseconds(400)).AskAsync(
            peer, "site.test", reserved: false, ComparisonArms.None, 0, new ProbeClock(TimeProvider.System), TestContext.Current.CancellationToken);
    }
}
