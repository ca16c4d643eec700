using System.Runtime.Versioning;
using ProbeNet.Protos.Identifiers;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Routes;

/// <summary>Home, café and hotspot on three networks cannot be joined afterwards by what the collector keeps.</summary>
[Collection(nameof(Journeys))]
[SupportedOSPlatform("linux")]
public sealed class JoinTests(Journeys journeys)
{
    KeyTraces Traces => new(journeys.Store, Cancel);

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_that_is_kept_joins_the_keys_of_one_machine_on_three_networks()
    {
        var keys = journeys.Moved.Keys();
        Assert.Equal([Journeys.Alfa, Journeys.Carol, Journeys.Delta], keys.Select(key => (long)key.Certified!.Asn).Order());
        foreach (var key in keys)
            Assert.Contains("key_id " + Convert.ToHexString(KeyId.Of(key.PublicKey.Span)), await Traces.OfAsync([KeyId.Of(key.PublicKey.Span)]));
        Assert.Empty(await Traces.JoinAsync(keys));
        // Nor any two of them.
        Assert.Empty(await Traces.JoinAsync([keys[0], keys[1]]));
        Assert.Empty(await Traces.JoinAsync([keys[1], keys[2]]));
        Assert.Empty(await Traces.JoinAsync([keys[0], keys[2]]));
    }

    [Fact]
    public async Task The_same_search_finds_what_joins_the_keys_of_one_machine_on_one_network()
    {
        var keys = journeys.Rewired.Keys();
        Assert.Equal(1 + Journeys.GatewayChanges, keys.Count);
        var unit = Convert.ToHexString(keys[0].Certified!.Unit.Span);
        Assert.Contains("unit " + unit, await Traces.JoinAsync(keys));
    }

    [Fact]
    public async Task Each_key_begins_a_chain_of_its_own_and_volunteers_counts_are_not_kept()
    {
        foreach (var key in journeys.Moved.Keys())
        {
            var id = Convert.ToHexString(KeyId.Of(key.PublicKey.Span));
            Assert.Equal(1, await journeys.AskAsync<long>($"select count(*) from batch where key_id = '\\x{id}' and sequence = 1 and length(previous) = 0"));
        }
        Assert.Equal(0, await journeys.AskAsync<long>("select count(*) from agent_key where role = 1 and (produced > 0 or dropped > 0)"));
    }
}
