using System.Net;
using ProbeNet.Agent.Probes;
using ProbeNet.Agent.Probes.Path;
using ProbeNet.Protos;
using Xunit;

namespace ProbeNet.Agent.Tests.Probes.Hops;

/// <summary>Packets with a short life through three real routers.</summary>
public sealed class PathProbeTests
{
    static readonly IPEndPoint Web = new(RoutedNetwork.Server, 443);
    static readonly TimeSpan Ample = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Every_router_answers_and_the_server_at_the_fourth_hop()
    {
        await InCountryAsync("", Ample, async (probe, clock, listener) =>
        {
            for (var ttl = 1; ttl <= 3; ttl++)
            {
                Assert.Equal(Hop(ttl), From(await probe.KnockAsync(Web, 41_000 + ttl, ttl, listener, clock, default)));
                Assert.Equal(Hop(ttl), From((await probe.SayAsync(Web, await Hello("site.test"), 42_000 + ttl, ttl, listener, clock, default))!));
                Assert.Equal(Hop(ttl), From(await probe.AskAsync(new IPEndPoint(RoutedNetwork.Server, 53), "site.test", 7, 43_000 + ttl, ttl, clock, default)));
            }
            Assert.Equal(PathReplies.Connected, (await probe.KnockAsync(Web, 40_001, 4, listener, clock, default)).Reply);
            var answer = await probe.SayAsync(Web, await Hello("site.test"), 40_002, 4, listener, clock, default);
            Assert.Equal((PathReplies.Answer, "tls", 61u), (answer!.Reply, answer.Content, answer.ReplyTtl));
            // Nothing listens on port 53 there: the server says so.
            Assert.Equal(PathReplies.Unreachable, (await probe.AskAsync(new IPEndPoint(RoutedNetwork.Server, 53), "site.test", 7, 40_003, 4, clock, default)).Reply);
        });
    }

    [Fact]
    public async Task A_name_that_is_reset_at_the_second_router_answers_before_the_server_could()
    {
        await InCountryAsync("-A FORWARD -p tcp --dport 443 -m string --string blocked.test --algo bm -j REJECT --reject-with tcp-reset", Ample, async (probe, clock, listener) =>
        {
            Assert.Equal(PathReplies.Exceeded, (await probe.SayAsync(Web, await Hello("blocked.test"), 40_011, 2, listener, clock, default))!.Reply);
            var reset = await probe.SayAsync(Web, await Hello("blocked.test"), 40_012, 3, listener, clock, default);
            Assert.Equal((PathReplies.Reset, 63u), (reset!.Reply, reset.ReplyTtl));
            Assert.Equal(PathReplies.Exceeded, (await probe.SayAsync(Web, await Hello("site.test"), 40_013, 3, listener, clock, default))!.Reply);
        });
    }

    [Fact]
    public async Task A_name_that_is_dropped_ends_the_routers_answers()
    {
        await InCountryAsync("-A FORWARD -p tcp --dport 443 -m string --string blocked.test --algo bm -j DROP", TimeSpan.FromSeconds(2), async (probe, clock, listener) =>
        {
            Assert.Equal(PathReplies.Exceeded, (await probe.SayAsync(Web, await Hello("blocked.test"), 40_021, 2, listener, clock, default))!.Reply);
            Assert.Equal(PathReplies.Silence, (await probe.SayAsync(Web, await Hello("blocked.test"), 40_022, 3, listener, clock, default))!.Reply);
            Assert.Equal(PathReplies.Exceeded, (await probe.SayAsync(Web, await Hello("site.test"), 40_023, 3, listener, clock, default))!.Reply);
        });
    }

    [Fact]
    public async Task A_connection_refused_on_the_way_names_the_router_that_says_so()
    {
        await InCountryAsync("-A FORWARD -p tcp --dport 443 -j REJECT --reject-with icmp-admin-prohibited", Ample, async (probe, clock, listener) =>
        {
            var refused = await probe.KnockAsync(Web, 40_031, 64, listener, clock, default);
            Assert.Equal((PathReplies.Unreachable, Hop(2)), (refused.Reply, refused.From!.ToString()));
        });
    }

    static Task<byte[]> Hello(string name) => PathPayload.HelloAsync(name, TestContext.Current.CancellationToken);

    static string Hop(int number) => number == 1 ? "11.1.0.1" : $"11.{number}.0.2";

    static string From(PathMeeting meeting) => meeting.Reply == PathReplies.Exceeded ? meeting.From!.ToString() : meeting.ToString();

    static async Task InCountryAsync(string rule, TimeSpan patience, Func<PathProbe, ProbeClock, RawListener?, Task> test)
    {
        Assert.SkipUnless(RoutedNetwork.Possible, "needs root, iproute2 and iptables-legacy");
        using var network = new RoutedNetwork();
        if (rule.Length > 0)
            network.Inside("r2", "iptables-legacy", rule);
        var (started, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        var serving = InNamespace.RunAsync(network.ServerHost, async () =>
        {
            await using var server = new ScriptedServer(ScriptedServer.Https(TestAuthority.Valid("site.test"), _ => ""), 443, RoutedNetwork.Server.ToString());
            started.SetResult();
            await ended.Task;
        });
        await Task.WhenAny(started.Task, serving);
        try
        {
            await InNamespace.RunAsync(network.Client, async () =>
            {
                var sockets = new ProbeSockets(new AddressPolicy(() => []), null, new TrafficMeter());
                await using var listener = RawListener.TryOpen(sockets);
                Assert.NotNull(listener);
                await test(new PathProbe(sockets, patience), new ProbeClock(TimeProvider.System), listener);
            });
        }
        finally
        {
            ended.SetResult();
            await serving;
        }
    }
}
