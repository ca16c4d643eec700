using System.Net;
using ProbeNet.Agent.Measurements;
using ProbeNet.Agent.Probes;
using ProbeNet.Agent.Probes.Path;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Tests.Probes.Hops;

/// <summary>The whole of a localisation through real routers: what it writes down, and what it leaves out.</summary>
public sealed class LocalisationTests
{
    [Fact]
    public async Task A_name_that_is_reset_is_met_before_the_server_from_every_port_and_no_address_of_a_router_is_kept()
    {
        var facts = await LocateAsync(
            "-A FORWARD -p tcp --dport 443 -m string --string blocked.test --algo bm -j REJECT --reject-with tcp-reset",
            new Suspicion("tls", new IPEndPoint(RoutedNetwork.Server, 443), "blocked.test", ""),
            patience: TimeSpan.FromSeconds(20));

        Assert.Equal(["innocuous", "target", "innocuous", "target", "target"], facts.Paths.Select(test => test.Arm));
        Assert.Equal([0u, 0u, 1u, 1u, 2u], facts.Paths.Select(test => test.Flow));
        foreach (var innocuous in facts.Paths.Where(test => test.Arm == ComparisonArms.Innocuous))
            Assert.Equal(["exceeded", "exceeded", "exceeded", "answer"], innocuous.Steps.Select(step => step.Reply));
        foreach (var target in facts.Paths.Where(test => test.Arm == ComparisonArms.Target && test.Flow < 2))
        {
            Assert.Equal(["exceeded", "exceeded", "reset"], target.Steps.Select(step => step.Reply));
            // The first hop is the home's and the second the provider's own: neither has a number here; the third is another's.
            Assert.Equal([(0u, true), (0u, true)], target.Steps.Take(2).Select(step => (step.HopAsn, step.OwnAs)));
        }
        Assert.Equal((64_503u, false), (facts.Paths[0].Steps[2].HopAsn, facts.Paths[0].Steps[2].OwnAs));
        Assert.Equal([63u, 63u, 63u], facts.Paths.Where(test => test.Arm == ComparisonArms.Target).Select(test => test.Steps[^1].ReplyTtl));
        foreach (var router in new[] { "11.1.0.1", "11.2.0.2", "11.3.0.2" })
            Assert.True(facts.ToString().IndexOf(router, StringComparison.Ordinal) < 0);
        Assert.Empty(facts.Limitations);
    }

    [Fact]
    public async Task A_connection_that_is_swallowed_ends_the_routers_answers()
    {
        var facts = await LocateAsync(
            "-A FORWARD -p tcp --dport 443 -j DROP", new Suspicion("tcp", new IPEndPoint(RoutedNetwork.Server, 443), "blocked.test", ""),
            patience: TimeSpan.FromMilliseconds(800));
        var target = facts.Paths.First(test => test.Arm == ComparisonArms.Target);
        Assert.Equal(["exceeded", "exceeded", "", "", "", ""], target.Steps.Select(step => step.Reply));
    }

    [Fact]
    public async Task Without_the_privilege_less_is_seen_and_that_is_said()
    {
        var facts = await LocateAsync(
            "-A FORWARD -p tcp --dport 443 -m string --string blocked.test --algo bm -j REJECT --reject-with tcp-reset",
            new Suspicion("tls", new IPEndPoint(RoutedNetwork.Server, 443), "blocked.test", ""),
            patience: TimeSpan.FromMilliseconds(800), raw: false);
        Assert.Equal([Localisation.NotPermitted], facts.Limitations);
        // No router is heard; that the connection was reset is, without the TTL of the reset.
        foreach (var target in facts.Paths.Where(test => test.Arm == ComparisonArms.Target && test.Flow < 2))
            Assert.Equal([("", 0u), ("", 0u), ("reset", 0u)], target.Steps.Select(step => (step.Reply, step.ReplyTtl)));
    }

    static async Task<Facts> LocateAsync(string rule, Suspicion suspicion, TimeSpan patience, bool raw = true)
    {
        Assert.SkipUnless(RoutedNetwork.Possible, "needs root, iproute2 and iptables-legacy");
        using var network = new RoutedNetwork();
        network.Inside("r2", "iptables-legacy", rule);
        var (started, ended) = (new TaskCompletionSource(), new TaskCompletionSource());
        var serving = InNamespace.RunAsync(network.ServerHost, async () =>
        {
            await using var server = new ScriptedServer(ScriptedServer.Https(TestAuthority.Valid("site.test"), _ => ""), 443, RoutedNetwork.Server.ToString());
            started.SetResult();
            await ended.Task;
        });
        await Task.WhenAny(started.Task, serving);
        var trace = new Trace(new ProbeClock(TimeProvider.System));
        try
        {
            await InNamespace.RunAsync(network.Client, async () =>
            {
                var sockets = new ProbeSockets(new AddressPolicy(() => []), null, new TrafficMeter());
                var options = new ProbesOptions { Localisation = ProbeUse.Anomaly };
                // The plan names an address, so that no name is looked up.
                var lookup = new Lookup(null!, new WebTimes());
                var localisation = new Localisation(
                    new PathProbe(sockets, patience), sockets, lookup, new ResidualBlocking(TimeProvider.System, TimeSpan.FromMilliseconds(50)), options,
                    new LocalisationOptions(), budget: null, new Random(5));
                var plan = new WebPlan
                {
                    Resolvers = [],
                    InnocuousName = RoutedNetwork.Server.ToString(),
                    OwnerOf = router => router.GetAddressBytes()[1] switch { 1 or 2 => (0, true), var other => (64_500u + other, false) },
                };
                await localisation.RunAsync(suspicion, suspicion.Layer == "tls" ? plan with { InnocuousName = "site.test" } : plan, trace, CancellationToken.None);
            }, raw);
        }
        finally
        {
            ended.SetResult();
            await serving;
        }
        return (await trace.FinishAsync()).Facts;
    }
}
