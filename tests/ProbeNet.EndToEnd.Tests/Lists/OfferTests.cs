using Google.Protobuf;
using ProbeNet.Collector.Fleet.Keys;
using ProbeNet.Collector.Fleet.Lists;
using ProbeNet.Collector.Fleet.Trust;
using ProbeNet.Collector.Intake;
using ProbeNet.Collector.Rollout;
using ProbeNet.Collector.Rollout.Stages;
using ProbeNet.Protos.Sealing;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Lists;

/// <summary>What the collector's side signs and composes, against what the agent's side takes.</summary>
public sealed class OfferTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Releases_rotated_keys_a_stop_and_a_revert_arrive()
    {
        await using var fleet = await OperatedFleet.StartAsync(volunteers: 1, own: 0);
        var agent = fleet.Agents[0];
        await fleet.ReleaseAsync("https://a.example/", ReleaseTerms.Everybody);
        await fleet.MeetAsync();
        Assert.Equal(1ul, agent.Lists.Current!.Version);

        // Both keys that may be stolen are replaced; the agent follows without joining anew.
        await fleet.Get<CollectorKeyStore>().RotateAsync(CollectorKeyKind.Online, Ct);
        fleet.Operators[0] = SigningKey.Create();
        var online = (await fleet.KeysAsync()).Online.PublicKey.Bytes;
        await fleet.ChangeRootAsync(root => (root.Releases, root.Online) = (RootDraft.RoleOf(1, fleet.Operators[0].PublicKey.Bytes), RootDraft.RoleOf(1, online)));
        await fleet.ReleaseAsync("https://b.example/", ReleaseTerms.Everybody with { Emergency = true });
        await fleet.MeetAsync();
        Assert.Equal((2ul, 2ul), (agent.Lists.RootVersion, agent.Lists.Current!.Version));

        await fleet.Get<TrustDesk>().StopAsync(new() { Cc = { "KH" }, Reason = "a drill" }, (await fleet.KeysAsync()).Online, Ct);
        await fleet.MeetAsync();
        Assert.True(agent.Lists.Standstill.Holds(fleet.Now, ["KH"], []));
        await fleet.Get<TrustDesk>().StopAsync(new(), (await fleet.KeysAsync()).Online, Ct);

        await fleet.RevertAsync(to: 1, from: 2);
        await fleet.MeetAsync();
        Assert.Equal((3ul, "https://a.example/"), (agent.Lists.Current!.Version, Assert.Single(agent.Lists.Current.List.Entries).Input));
        Assert.False(agent.Lists.Standstill.Holds(fleet.Now, ["KH"], []));
    }

    [Fact]
    public async Task An_offer_of_which_an_agent_reads_nothing_halts_the_release_with_its_reason_and_comes_again()
    {
        await using var fleet = await OperatedFleet.StartAsync(volunteers: 12, own: 2);
        await fleet.ReleaseAsync("https://a.example/", ReleaseTerms.Everybody);
        await fleet.PassAsync(TimeSpan.FromMinutes(1));
        var agent = fleet.Agents[^1];
        agent.Trust(ByteString.CopyFrom(new byte[32]));
        await fleet.ReleaseAsync("https://b.example/", ReleaseTerms.Everybody);
        await fleet.PassAsync(TimeSpan.FromSeconds(5));

        var view = await fleet.ViewAsync(2);
        Assert.Equal((RolloutState.Halted, "an agent of AS64600 did not take it: root_not_pinned"), (view.State, view.Reason));
        Assert.Equal([new("root_not_pinned", 1)], view.Refusals);
        Assert.Equal((1ul, 2ul), (agent.Lists.Current!.Version, fleet.Agents[^2].Lists.Current!.Version));

        // In the session that stands, once the reason is gone.
        agent.Trust((await fleet.TrustAsync()).RootHash);
        Assert.True(await fleet.Get<RolloutTable>().ResumeAsync(OperatedFleet.List, 2, "operator", Ct));
        await fleet.MeetAsync();
        Assert.Equal(1ul, agent.Lists.Current!.Version);
        await fleet.PassAsync(ListDesk.OfferAgain);
        Assert.Equal((2ul, RolloutState.Running), (agent.Lists.Current!.Version, (await fleet.ViewAsync(2)).State));
    }
}
