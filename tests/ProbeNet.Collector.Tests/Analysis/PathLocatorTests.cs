using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Observations;
using ProbeNet.Protos;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis;

/// <summary>A path of six hops: the home, the provider's (AS 1) second and third, the gateway's (AS 9) fourth and fifth, the server.</summary>
public sealed class PathLocatorTests
{
    const int Server = 6;

    [Theory]
    [InlineData(Layers.Tls, 4, 4, 9L, false)]
    [InlineData(Layers.Http, 5, 5, 9L, false)]
    [InlineData(Layers.Tls, 2, 2, null, true)]
    // A rule for addresses acts behind the TTL check: it shows one hop later than it sits.
    [InlineData(Layers.Tcp, 5, 4, 9L, false)]
    public void What_resets_before_the_server_could_answer_sits_where_it_first_does(string layer, int shows, int distance, long? asn, bool own)
    {
        var place = PathLocator.Locate(Sweeps(layer, shows, PathReplies.Reset), layer, out _);
        Assert.Equal(new PathPlace(layer, distance, asn, own), place);
    }

    [Theory]
    [InlineData(Layers.Tls, 4, 4, 9L, false)]
    [InlineData(Layers.Tcp, 4, 3, null, true)]
    public void What_swallows_sits_where_the_routers_answers_end(string layer, int from, int distance, long? asn, bool own)
    {
        var place = PathLocator.Locate(Sweeps(layer, from, PathReplies.Silence), layer, out _);
        Assert.Equal(new PathPlace(layer, distance, asn, own), place);
    }

    [Fact]
    public void An_injector_that_copies_the_TTL_cannot_be_placed()
    {
        var paths = Sweeps(Layers.Dns, 4, PathReplies.Answer, replyTtl: 2, fullReplyTtl: 62);
        Assert.Null(PathLocator.Locate(paths, Layers.Dns, out var reason));
        Assert.Equal("ttl_copied", reason);
    }

    [Fact]
    public void Without_the_TTL_of_answers_a_copier_cannot_be_ruled_out()
    {
        Assert.Null(PathLocator.Locate(Sweeps(Layers.Tls, 4, PathReplies.Reset, replyTtl: 0, fullReplyTtl: 0), Layers.Tls, out var reason));
        Assert.Equal("ttl_copied", reason);
    }

    [Fact]
    public void What_only_shows_at_the_servers_distance_may_be_the_server()
    {
        Assert.Null(PathLocator.Locate(Sweeps(Layers.Tls, Server, PathReplies.Reset), Layers.Tls, out var reason));
        Assert.NotNull(reason);
    }

    [Fact]
    public void Routers_that_are_silent_for_everybody_place_nothing()
    {
        var paths = Sweeps(Layers.Tls, 4, PathReplies.Silence).Select(p => p with { Steps = [.. p.Steps.Select(s => s.Ttl >= 4 ? s with { Reply = PathReplies.Silence } : s)] }).ToArray();
        Assert.Null(PathLocator.Locate(paths, Layers.Tls, out _));
    }

    [Fact]
    public void Ports_that_disagree_on_the_hop_still_agree_on_the_network()
    {
        PathObservation[] paths = [.. Sweeps(Layers.Tls, 4, PathReplies.Reset).Where(p => p.Flow == 0), .. Sweeps(Layers.Tls, 5, PathReplies.Reset).Where(p => p.Flow > 0)];
        Assert.Equal(9, PathLocator.Locate(paths, Layers.Tls, out _)!.HopAsn);
        PathObservation[] apart = [.. Sweeps(Layers.Tls, 2, PathReplies.Reset).Where(p => p.Flow == 0), .. Sweeps(Layers.Tls, 5, PathReplies.Reset).Where(p => p.Flow > 0)];
        Assert.Null(PathLocator.Locate(apart, Layers.Tls, out var reason));
        Assert.Equal("flows_disagree", reason);
    }

    [Fact]
    public void A_router_that_refuses_names_itself()
    {
        var paths = Sweeps(Layers.Tcp, 5, PathReplies.Unreachable).Select(p => p.Arm == ComparisonArms.Target
            ? p with { Steps = [.. p.Steps.Select(s => s.Reply == PathReplies.Unreachable ? s with { HopAsn = 9 } : s)] } : p).ToArray();
        Assert.Equal(new PathPlace(Layers.Tcp, 4, 9, false), PathLocator.Locate(paths, Layers.Tcp, out _));
    }

    [Fact]
    public void A_finding_carries_the_place()
    {
        const string site = "https://www.news.example/";
        var page = new Page(site).System(Page.Truth).Outside(Page.Truth).Connects(Page.Truth).Shakes(Page.Truth, FailureCodes.ConnectionReset);
        var seen = page.Observation with { Paths = Sweeps(Layers.Tls, 4, PathReplies.Reset) };
        var controls = Judged.Timeline(Page.Reached(site), Page.Reached(site)).At(Judged.Noon);
        var finding = FindingJudge.Judge(seen, controls, Judged.Context()).Finding;
        Assert.Equal((Loci.Network, 9L, 4, false), (finding.Locus, finding.HopAsn, finding.Hop, finding.HopIsOwn));
        Assert.Contains(Rules.PlaceLocated.Id, finding.Rules);
        var own = FindingJudge.Judge(page.Observation with { Paths = Sweeps(Layers.Tls, 2, PathReplies.Reset) }, controls, Judged.Context()).Finding;
        Assert.Equal((null, 2, true), (own.HopAsn, own.Hop, own.HopIsOwn));
    }

    // Two ports, each with an innocuous and a target's sweep, and the target's once more with an ordinary TTL.
    static PathObservation[] Sweeps(string layer, int at, string reply, uint replyTtl = 60, uint fullReplyTtl = 60) =>
    [
        .. Enumerable.Range(0, 2).SelectMany(flow => new[]
        {
            new PathObservation(layer, "innocuous.example", ComparisonArms.Innocuous, (uint)flow, [.. Enumerable.Range(1, Server - 1).Select(Hop),
                new PathStepObservation(Server, layer == Layers.Tcp ? PathReplies.Connected : layer == Layers.Dns ? PathReplies.Unreachable : PathReplies.Answer, 0, false, 55, "")]),
            new PathObservation(layer, "target.example", ComparisonArms.Target, (uint)flow, reply == PathReplies.Silence
                ? [.. Enumerable.Range(1, at - 1).Select(Hop), .. Enumerable.Range(at, 4).Select(ttl => new PathStepObservation((uint)ttl, "", 0, false, 0, ""))]
                : [.. Enumerable.Range(1, at - 1).Select(Hop), new PathStepObservation((uint)at, reply, 0, false, replyTtl, "")]),
        }),
        new PathObservation(layer, "target.example", ComparisonArms.Target, 2, [new PathStepObservation(64, reply, 0, false, fullReplyTtl, "")]),
    ];

    static PathStepObservation Hop(int ttl) => new((uint)ttl, PathReplies.Exceeded, ttl >= 4 ? 9 : 0, ttl < 4, 0, "");
}
