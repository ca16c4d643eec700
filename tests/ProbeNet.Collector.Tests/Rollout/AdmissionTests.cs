using Google.Protobuf;
using ProbeNet.Collector.Rollout.Stages;
using Xunit;

namespace ProbeNet.Collector.Tests.Rollout;

public sealed class AdmissionTests
{
    const string Rollout = "kh 7";

    [Theory]
    [InlineData(10_000, new[] { 0, 60, 300, 2500, 10_000 })]
    [InlineData(1000, new[] { 0, 50, 100, 250, 1000 })]
    public void Stages_grow_as_they_are_named(int volunteers, int[] sizes)
    {
        var fleet = Fleet(volunteers, 8);
        var admission = Admission.OwnAlone;
        var seen = new List<int> { fleet.Count(agent => admission.Admits(agent, Rollout)) };
        var before = new HashSet<ByteString>();
        for (var stage = Admission.After(Stage.Own, volunteers); stage is { } now; stage = Admission.After(now, volunteers))
        {
            admission = Admission.Of(now, Rollout, fleet, admission);
            var admitted = fleet.Where(agent => admission.Admits(agent, Rollout)).ToList();
            seen.Add(admitted.Count);
            Assert.Superset(before, admitted.Select(agent => agent.KeyId).ToHashSet());
            before = [.. admitted.Select(agent => agent.KeyId)];
            // Half of every provider stays on the old list until a quarter of the fleet has the new one.
            if (now != Stage.All)
                Assert.All(fleet.GroupBy(agent => agent.Asn), isp => Assert.True(isp.Count(agent => before.Contains(agent.KeyId)) <= isp.Count() / 2));
        }
        Assert.Equal(sizes, seen);
    }

    [Fact]
    public void A_stage_is_spread_over_the_providers_by_their_size()
    {
        var fleet = Fleet(10_000, 8);
        var admission = Admission.Of(Stage.ThreeHundred, Rollout, fleet, Admission.OwnAlone);
        foreach (var isp in fleet.GroupBy(agent => agent.Asn))
            Assert.InRange(isp.Count(agent => admission.Admits(agent, Rollout)), 300 * isp.Count() / 10_000, 300 * isp.Count() / 10_000 + 1);
    }

    [Fact]
    public void A_small_fleet_keeps_one_of_each_provider_to_compare_with()
    {
        var fleet = Fleet(40, 5);
        var admission = Admission.Of(Stage.ThreeHundred, Rollout, fleet, Admission.OwnAlone);
        Assert.All(fleet.GroupBy(agent => agent.Asn), isp => Assert.Single(isp, agent => !admission.Admits(agent, Rollout)));
        Assert.Equal(Stage.All, Admission.After(Stage.ThreeHundred, 40));
        Assert.Equal(Stage.Quarter, Admission.After(Stage.ThreeHundred, 300));
    }

    [Fact]
    public void Own_agents_go_first_and_whoever_was_admitted_stays_when_the_fleet_shrinks()
    {
        var own = new AgentTraits(ByteString.CopyFromUtf8("own"), true, "KH", 1, ByteString.Empty, "1.0");
        Assert.True(Admission.OwnAlone.Admits(own, Rollout));
        var fleet = Fleet(1000, 3);
        var admission = Admission.Of(Stage.Sixty, Rollout, fleet, Admission.OwnAlone);
        var later = Admission.Of(Stage.Sixty, Rollout, [.. fleet.Take(200)], admission);
        Assert.All(fleet.Where(agent => admission.Admits(agent, Rollout)), agent => Assert.True(later.Admits(agent, Rollout)));
    }

    [Fact]
    public void Another_rollout_begins_with_other_agents()
    {
        var fleet = Fleet(2000, 4);
        var (one, other) = (First("kh 7"), First("kh 8"));
        Assert.True(one.Intersect(other).Count() < 20, "one in twenty of sixty would be three");

        List<ByteString> First(string rollout)
        {
            var admission = Admission.Of(Stage.Sixty, rollout, fleet, Admission.OwnAlone);
            return [.. fleet.Where(agent => admission.Admits(agent, rollout)).Select(agent => agent.KeyId)];
        }
    }

    [Fact]
    public void A_target_covers_by_country_network_group_version_and_cohort()
    {
        var group = ByteString.CopyFromUtf8("g");
        var agent = new AgentTraits(ByteString.CopyFromUtf8("k"), false, "KH", 64500, group, "1.4.2");
        var all = RolloutTarget.Everybody;
        Assert.True(all.Covers(agent));
        Assert.True((all with { Cc = new HashSet<string> { "KH" }, Asn = new HashSet<uint> { 64500 }, Groups = new HashSet<ByteString> { group }, Version = "1.4" }).Covers(agent));
        Assert.False((all with { Cc = new HashSet<string> { "TH" } }).Covers(agent));
        Assert.False((all with { Asn = new HashSet<uint> { 64501 } }).Covers(agent));
        Assert.False((all with { Groups = new HashSet<ByteString> { ByteString.CopyFromUtf8("h") } }).Covers(agent));
        Assert.False((all with { Version = "1.4.20" }).Covers(agent));
        Assert.False((all with { Version = "1.4.2" }).Covers(agent with { Version = "1.4.20" }));
        var fleet = Fleet(5000, 2);
        Assert.InRange(fleet.Count((all with { Cohort = (20, 50) }).Covers), 1350, 1650);
        Assert.Equal(5000, fleet.Count((all with { Cohort = (0, 50) }).Covers) + fleet.Count((all with { Cohort = (50, 100) }).Covers));
    }

    static List<AgentTraits> Fleet(int volunteers, int isps)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, volunteers).Select(n =>
        {
            var key = new byte[8];
            random.NextBytes(key);
            return new AgentTraits(ByteString.CopyFrom(key), false, "KH", (uint)(n % isps), ByteString.Empty, "1.0");
        })];
    }
}
