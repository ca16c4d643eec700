using System.Runtime.Versioning;
using ProbeNet.Collector.Observations;
using ProbeNet.Lab.Addresses;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Routes;

/// <summary>A measurement counts where it was made, for one volunteer, whatever way it takes and whatever keys it has.</summary>
[Collection(nameof(Journeys))]
[SupportedOSPlatform("linux")]
public sealed class RouteTests(Journeys journeys)
{
    [Fact]
    public void Measurements_waited_at_Delta_for_each_of_the_three_ways() =>
        Assert.All([journeys.MovedWaiting, journeys.ProxiedWaiting, journeys.CarriedWaiting], waiting => Assert.True(waiting >= 4));

    [Fact]
    public async Task What_was_measured_at_Delta_counts_for_Delta_whether_delivered_from_Carol_by_SOCKS_or_by_hand()
    {
        Assert.Equal(journeys.ProducedAtDelta, await journeys.AskAsync<long>($"select count(*) from measurement where asn = {Journeys.Delta}"));
        Assert.Equal(3, await journeys.AskAsync<long>($"select count(distinct unit) from measurement where asn = {Journeys.Delta}"));
        Assert.Equal(3, Journeys.Count(journeys.DeltaCell, "units"));
        Assert.Contains(Journeys.State(journeys.DeltaCell), (string[])["blocked", "likely_blocked"]);
    }

    [Fact]
    public async Task Their_network_was_bound_at_the_first_contact_and_no_path_changed_it() =>
        Assert.Equal(0, await journeys.AskAsync<long>("select count(*) from measurement where role = 1 and asn_source <> 2"));

    [Theory]
    [InlineData(Journeys.Bravo)]
    [InlineData(Journeys.Carol)]
    [InlineData(Journeys.Delta)]
    public async Task The_resolver_that_asked_is_known_as_a_network(long asn)
    {
        var details = await journeys.AskAsync<byte[]>($"select details from measurement where asn = {asn} and role = 1 limit 1");
        Assert.Equal(asn, ObservationParser.Parse(details)!.Network.ResolverAsn);
    }

    [Fact]
    public async Task At_Carol_counts_only_what_was_measured_at_Carol()
    {
        Assert.Equal(1, await journeys.AskAsync<long>($"select count(distinct unit) from measurement where asn = {Journeys.Carol}"));
        // Delta's mark is a refused connection; at Carol the same page opens.
        Assert.Equal(0, await journeys.AskAsync<long>($"select coalesce(sum(k), 0)::bigint from unit_day where asn = {Journeys.Carol} and target = '{Journeys.BlockedAtDelta}'"));
    }

    [Fact]
    public void The_proxy_spoke_to_the_collector_and_the_house_could_not()
    {
        Assert.False(journeys.CollectorInReach);
        Assert.Contains($"connected to {AddressPlan.CollectorName}:443", journeys.ProxyLog, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_brought_twice_is_taken_twice_and_kept_once() => Assert.Contains("0 batches rejected", journeys.ImportedAgain, StringComparison.Ordinal);

    [Fact]
    public async Task One_enrolment_with_five_gateway_changes_counts_one_unit()
    {
        Assert.Equal(
            1 + Journeys.GatewayChanges,
            await journeys.AskAsync<long>($"select count(distinct key_id) from batch join measurement on batch = seal_hash where asn = {Journeys.Bravo}"));
        Assert.Equal(1, await journeys.AskAsync<long>($"select count(distinct unit) from measurement where asn = {Journeys.Bravo}"));
        Assert.Equal(1, Journeys.Count(journeys.BravoCell, "units"));
        Assert.Equal("suspected", Journeys.State(journeys.BravoCell));
    }

    [Fact]
    public void Two_units_of_one_group_are_likely_blocked_at_most_and_one_of_another_makes_it_blocked()
    {
        Assert.Equal("likely_blocked", Journeys.State(journeys.OneGroup));
        Assert.Equal((2, 1), (Journeys.Count(journeys.OneGroup, "units"), Journeys.Count(journeys.OneGroup, "groups")));
        Assert.DoesNotContain("blocked", journeys.StatesOfOneGroup);
        Assert.Equal("blocked", Journeys.State(journeys.TwoGroups));
        Assert.Equal((3, 2), (Journeys.Count(journeys.TwoGroups, "units"), Journeys.Count(journeys.TwoGroups, "groups")));
    }
}
