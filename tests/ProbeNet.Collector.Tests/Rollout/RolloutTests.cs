using Npgsql;
using ProbeNet.Collector.Fleet.Lists;
using ProbeNet.Collector.Fleet.Trust;
using ProbeNet.Collector.Rollout;
using ProbeNet.Collector.Rollout.Stages;
using ProbeNet.Protos.Sealing;
using Xunit;

namespace ProbeNet.Collector.Tests.Rollout;

/// <summary>Releases from signature to the last agent, on a real store.</summary>
public sealed class RolloutTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_release_passes_its_stages_and_the_figures_add_up_to_the_fleet()
    {
        await using var ground = await RolloutGround.StartAsync(volunteers: 40);
        await FirstAsync(ground);
        Assert.Equal(new(2, 0), await ground.ReleaseAsync(RolloutGround.Draft("https://a.example/", "https://b.example/")));

        // The operator's own two, then one in twenty, then all but one of each of four providers, then everybody.
        foreach (var (stage, sizes, soak) in new[] { (Stage.Own, 2, 1), (Stage.Sixty, 4, 7), (Stage.ThreeHundred, 38, 13), (Stage.All, 42, 25) })
        {
            var offered = await ground.OfferedAsync(2);
            Assert.Equal((stage, sizes), ((await ground.ViewAsync(2)).Stage, offered.Count));
            Assert.Equal(42 - sizes, (await ground.OfferedAsync(1)).Count);
            await ground.LookAfterAsync(TimeSpan.FromHours(soak), agent => offered.Contains(agent) ? 2ul : 1);
            var counts = (await ground.ViewAsync(2)).Counts;
            Assert.Equal((42, sizes), (counts.Agents, counts.Applied));
            Assert.Equal(counts.Agents, counts.Applied + counts.Refused + counts.Silent + counts.Waiting);
        }
        var done = await ground.ViewAsync(2);
        Assert.Equal(RolloutState.Complete, done.State);
        var adoption = await ground.Get<AdoptionTable>().ReadAsync(RolloutGround.List, 2, Ct);
        Assert.Equal([0, 1, 9, 10], adoption.Where(note => note.Asn == 64500).Select(note => note.Applied));
    }

    [Fact]
    public async Task Whoever_does_not_take_it_halts_it_at_once_and_nobody_more_gets_it_until_it_is_taken_back()
    {
        await using var ground = await RolloutGround.StartAsync(volunteers: 400);
        await FirstAsync(ground);
        await ground.ReleaseAsync(RolloutGround.Draft("https://bad.example/"));
        await ground.LookAfterAsync(TimeSpan.FromHours(1), agent => agent.Own ? 2ul : 1);
        var offered = await ground.OfferedAsync(2);
        await ground.ReportAsync(offered.Where(agent => !agent.Own).Take(1), 2, "list_bad_signature");
        await ground.Get<RolloutWorker>().LookAsync(Ct);

        var halted = await ground.ViewAsync(2);
        Assert.Equal((RolloutState.Halted, 1), (halted.State, halted.Counts.Refused));
        Assert.EndsWith("did not take it: list_bad_signature", halted.Reason, StringComparison.Ordinal);
        Assert.Empty(await ground.OfferedAsync(2));

        // Forward: the former content under a new number, to everybody, and what was bad is valid no more.
        var former = await ground.Get<ListReleases>().FindAsync(RolloutGround.List, 1, Ct);
        Assert.Equal(3ul, (await ground.ReleaseAsync(former!, ReleaseTerms.Everybody with { Emergency = true, Reverts = 2 })).Version);
        Assert.Equal(402, (await ground.OfferedAsync(3)).Count);
        var trust = await ground.Get<TrustTable>().ReadAsync(Ct);
        Assert.Equal([1ul, 3ul], trust!.Releases.Lists.Select(list => list.Version));
        Assert.Equal(RolloutState.Superseded, (await ground.ViewAsync(2)).State);
        Assert.Equal("https://first.example/", Assert.Single((await ground.Get<ListReleases>().FindAsync(RolloutGround.List, 3, Ct))!.List.Entries).Input);
    }

    [Fact]
    public async Task A_release_that_is_taken_on_is_not_halted_again_by_what_was_said_before()
    {
        await using var ground = await RolloutGround.StartAsync(volunteers: 8);
        await FirstAsync(ground);
        await ground.ReleaseAsync(RolloutGround.Draft("https://a.example/"));
        var own = ground.Agents.First(agent => agent.Own);
        foreach (var _ in new[] { "once", "again" })
        {
            await ground.ReportAsync([own], 2, "list_too_large");
            await ground.Get<RolloutWorker>().LookAsync(Ct);
            Assert.Equal((RolloutState.Halted, 1), ((await ground.ViewAsync(2)).State, (await ground.ViewAsync(2)).Counts.Refused));
            // A brief agent has said it hours ago, and is asked again at its next contact.
            Assert.True(await ground.Get<RolloutTable>().ResumeAsync(RolloutGround.List, 2, "operator", Ct));
            await ground.Get<RolloutWorker>().LookAsync(Ct);
            Assert.Equal((RolloutState.Running, 0), ((await ground.ViewAsync(2)).State, (await ground.ViewAsync(2)).Counts.Refused));
        }
    }

    [Fact]
    public async Task A_list_that_makes_runs_longer_is_halted_by_what_the_same_agents_needed_before()
    {
        await using var ground = await RolloutGround.StartAsync(volunteers: 40);
        await FirstAsync(ground);
        await ground.ReportAsync(ground.Agents, 1);
        await ground.ReleaseAsync(RolloutGround.Draft("https://slow.example/"));
        await ground.ReportAsync(ground.Agents.Where(agent => agent.Own), 2, milliseconds: 4000);
        ground.Store.Clock.Advance(TimeSpan.FromMinutes(8));
        await ground.Get<RolloutWorker>().LookAsync(Ct);
        var view = await ground.ViewAsync(2);
        Assert.Equal((RolloutState.Halted, Stage.Own), (view.State, view.Stage));
        Assert.StartsWith("run time: 4000 on the new list, 1000 on the old one", view.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Operators_hold_a_release_somewhere_pause_it_and_let_it_go_on()
    {
        await using var ground = await RolloutGround.StartAsync(volunteers: 40);
        await FirstAsync(ground);
        await ground.ReleaseAsync(RolloutGround.Draft("https://a.example/"), ReleaseTerms.Everybody with { Emergency = true });
        var rollouts = ground.Get<RolloutTable>();

        Assert.True(await rollouts.HoldAsync(RolloutGround.List, 2, "operator", [], [64501u], Ct));
        Assert.Equal(10, (await ground.OfferedAsync(1)).Count(agent => agent.Asn == 64501));
        Assert.Equal(32, (await ground.OfferedAsync(2)).Count);
        Assert.True(await rollouts.HaltAsync(RolloutGround.List, 2, "operator", RolloutState.Paused, "a rumour", Ct));
        Assert.Empty(await ground.OfferedAsync(2));
        Assert.True(await rollouts.HoldAsync(RolloutGround.List, 2, "operator", [], [], Ct));
        Assert.True(await rollouts.ResumeAsync(RolloutGround.List, 2, "operator", Ct));
        Assert.Equal(42, (await ground.OfferedAsync(2)).Count);
        Assert.False(await rollouts.ResumeAsync(RolloutGround.List, 2, "operator", Ct));

        var log = await ground.Get<ListAudit>().ReadAsync(RolloutGround.List, Ct);
        Assert.All(log, entry => Assert.True(entry.Holds));
        Assert.Equal(["release", "complete", "release", "hold", "pause", "unhold", "resume"], log.Select(entry => entry.Action));
        Assert.Equal(("operator", "a rumour"), (log[4].Who, log[4].Detail));
        await Assert.ThrowsAsync<PostgresException>(() => ground.Store.ReadAsync<long>("with gone as (delete from list_audit returning 1) select count(*) from gone"));

        // Whoever owns the database can still do it, and is seen.
        await using var connection = await ground.Store.Source.OpenConnectionAsync(Ct);
        await using (var alter = new NpgsqlCommand("set session_replication_role = replica; update list_audit set who = 'nobody' where number = 5", connection))
            await alter.ExecuteNonQueryAsync(Ct);
        Assert.Equal([5L], (await ground.Get<ListAudit>().ReadAsync(null, Ct)).Where(entry => !entry.Holds).Select(entry => entry.Number));
    }

    [Fact]
    public async Task Where_two_have_to_sign_nothing_goes_out_before_the_second_has()
    {
        await using var ground = await RolloutGround.StartAsync(volunteers: 4);
        using var second = SigningKey.Create();
        var root = (await ground.Get<TrustTable>().ReadAsync(Ct))!.Root.Clone();
        root.Version++;
        root.Releases = RootDraft.RoleOf(2, ground.ListKey.PublicKey.Bytes, second.PublicKey.Bytes);
        await ground.PublishRootAsync(root);

        var draft = RolloutGround.Draft("https://a.example/");
        Assert.Equal(new(1, 1), await ground.ReleaseAsync(draft));
        Assert.Empty(await ground.OfferedAsync(1));
        // The same key again is no second one; another list is not what was signed.
        Assert.Equal(new(1, 1), await ground.ReleaseAsync(draft));
        await Assert.ThrowsAsync<ReleaseFailure>(() => ground.ReleaseAsync(RolloutGround.Draft("https://other.example/"), key: second));
        using var stranger = SigningKey.Create();
        await Assert.ThrowsAsync<ReleaseFailure>(() => ground.ReleaseAsync(draft, key: stranger));

        Assert.Equal(new(1, 0), await ground.ReleaseAsync(draft, key: second));
        Assert.Equal(6, (await ground.OfferedAsync(1)).Count);
        var trust = (await ground.Get<TrustTable>().ReadAsync(Ct))!;
        Assert.True(trust.Root.Releases.IsMetBy(SigningContext.Releases, trust.Endorsed));
    }

    [Fact]
    public async Task A_root_that_agents_would_refuse_is_not_published()
    {
        await using var ground = await RolloutGround.StartAsync(volunteers: 0);
        var desk = ground.Get<TrustDesk>();
        var root = (await ground.Get<TrustTable>().ReadAsync(Ct))!.Root.Clone();
        using var stranger = SigningKey.Create();
        Assert.NotNull(await desk.PublishRootAsync(Endorsements.Endorse(SigningContext.Root, root, ground.RootKey), Ct));
        root.Version++;
        Assert.NotNull(await desk.PublishRootAsync(Endorsements.Endorse(SigningContext.Root, root, stranger), Ct));
        Assert.NotNull(await desk.PublishRootAsync(Endorsements.Endorse(SigningContext.Releases, root, ground.RootKey), Ct));
        root.Releases.Threshold = 2;
        Assert.NotNull(await desk.PublishRootAsync(Endorsements.Endorse(SigningContext.Root, root, ground.RootKey), Ct));
        root.Releases.Threshold = 1;
        Assert.Null(await desk.PublishRootAsync(Endorsements.Endorse(SigningContext.Root, root, ground.RootKey), Ct));
    }

    // The first version has nothing to be compared with, and goes to everybody.
    static async Task FirstAsync(RolloutGround ground)
    {
        await ground.ReleaseAsync(RolloutGround.Draft("https://first.example/"));
        Assert.Equal(ground.Agents.Count, (await ground.OfferedAsync(1)).Count);
        await ground.LookAfterAsync(TimeSpan.FromMinutes(1), _ => 1);
        Assert.Equal(RolloutState.Complete, (await ground.ViewAsync(1)).State);
    }
}
