using ProbeNet.Collector.Fleet.Lists;
using ProbeNet.Collector.Fleet.Trust;
using ProbeNet.Collector.Rollout;
using ProbeNet.Collector.Rollout.Stages;
using ProbeNet.Protos.Identifiers;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Lists;

/// <summary>Agents are killed, go offline for a week, have wrong clocks and full disks, in every state that a release can be in.</summary>
public sealed class MishapTests
{
    const int Volunteers = 320;
    const int Own = 9;

    static readonly Mishap[] Mishaps = Enum.GetValues<Mishap>();

    static readonly TimeSpan Soaked = TimeSpan.FromHours(25);

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(nameof(RolloutState.Waiting), nameof(Stage.Own))]
    [InlineData(nameof(RolloutState.Running), nameof(Stage.Own))]
    [InlineData(nameof(RolloutState.Running), nameof(Stage.Sixty))]
    [InlineData(nameof(RolloutState.Running), nameof(Stage.ThreeHundred))]
    [InlineData(nameof(RolloutState.Running), nameof(Stage.Quarter))]
    [InlineData(nameof(RolloutState.Running), nameof(Stage.All))]
    [InlineData(nameof(RolloutState.Paused), nameof(Stage.Quarter))]
    [InlineData(nameof(RolloutState.Halted), nameof(Stage.Own))]
    [InlineData(nameof(RolloutState.Complete), nameof(Stage.All))]
    [InlineData(nameof(RolloutState.Superseded), nameof(Stage.Sixty))]
    public async Task Afterwards_every_agent_is_on_a_valid_list_and_the_figures_add_up_to_the_fleet(string stateOfRelease, string stageOfRelease)
    {
        var (state, stage) = (Enum.Parse<RolloutState>(stateOfRelease), Enum.Parse<Stage>(stageOfRelease));
        await using var fleet = await OperatedFleet.StartAsync(Volunteers, Own);
        await fleet.ReleaseAsync("https://first.example/", ReleaseTerms.Everybody);
        await fleet.PassAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(RolloutState.Complete, (await fleet.ViewAsync(1)).State);
        await BringAsync(fleet, state, stage);

        await StrikeAsync(fleet, 2);
        await fleet.MeetAsync();
        await AddUpAsync(fleet);
        await fleet.PassAsync(TimeSpan.FromMinutes(5));
        var troubled = await AddUpAsync(fleet);
        Assert.True(troubled.Silent > 0 || state == RolloutState.Complete, $"{troubled}: whoever is offline is silent");

        // Disks and clocks are seen to within the day; whoever was away stays away for the week.
        foreach (var agent in fleet.Agents.Where(agent => agent.Wrong is not Mishap.Offline))
            agent.Mend();
        await EndAsync(fleet, state);
        for (var day = 0; day < 7; day++)
            await fleet.PassAsync(Soaked);
        foreach (var agent in fleet.Agents.Where(agent => agent.Wrong is not null))
            agent.Mend();
        for (var day = 0; day < 3; day++)
            await fleet.PassAsync(Soaked);

        await SettledAsync(fleet);
        foreach (var agent in fleet.Agents)
            agent.Restart();
        await SettledAsync(fleet);
    }

    // Everybody who is healthy has what he may have by then.
    static async Task BringAsync(OperatedFleet fleet, RolloutState state, Stage stage)
    {
        if (state == RolloutState.Waiting)
        {
            await fleet.ChangeRootAsync(root => root.Releases = RootDraft.RoleOf(2, fleet.Operators.Select(key => key.PublicKey.Bytes)));
            Assert.Equal(1, (await fleet.ReleaseAsync("https://second.example/", ReleaseTerms.Everybody)).Missing);
        }
        else
        {
            if (state == RolloutState.Halted)
                fleet.Pace = version => version == 2 ? 4000 : 1000;
            await fleet.ReleaseAsync("https://second.example/", ReleaseTerms.Everybody);
            for (var reached = Stage.Own; reached < stage || state == RolloutState.Halted; reached++)
            {
                await fleet.PassAsync(Soaked);
                if ((await fleet.ViewAsync(2)).State == RolloutState.Halted)
                    break;
            }
            if (state == RolloutState.Paused)
                Assert.True(await fleet.Get<RolloutTable>().HaltAsync(OperatedFleet.List, 2, "operator", RolloutState.Paused, "a rumour", Ct));
            if (state == RolloutState.Superseded)
                await fleet.ReleaseAsync("https://third.example/", ReleaseTerms.Everybody with { Emergency = true });
            if (state == RolloutState.Complete)
                await fleet.PassAsync(Soaked);
        }
        var view = await fleet.ViewAsync(2);
        Assert.Equal((state, stage), (view.State, view.Stage));
    }

    // Those who are about to be offered something, and every second one of all others.
    static async Task StrikeAsync(OperatedFleet fleet, ulong version)
    {
        var (fleetState, today) = (await fleet.StateAsync(), Day.ToDate(Day.Of(fleet.Now)));
        var offered = fleet.Agents.Where(agent => fleetState.ListFor(agent.Traits, today) is { } release && release.Version >= version && release.Version != agent.Lists.Current!.Version).ToList();
        var struck = offered.Count >= Mishaps.Length ? offered : fleet.Agents.Where((_, number) => number % 2 == 0).ToList();
        for (var number = 0; number < struck.Count; number++)
            struck[number].Strike(Mishaps[number % Mishaps.Length]);
    }

    static async Task EndAsync(OperatedFleet fleet, RolloutState state)
    {
        switch (state)
        {
            case RolloutState.Waiting:
                Assert.Equal(0, (await fleet.ReleaseAsync("https://second.example/", ReleaseTerms.Everybody, fleet.Operators[1])).Missing);
                break;
            case RolloutState.Paused:
                Assert.True(await fleet.Get<RolloutTable>().ResumeAsync(OperatedFleet.List, 2, "operator", Ct));
                break;
            case RolloutState.Halted:
                await fleet.RevertAsync(to: 1, from: 2);
                break;
        }
    }

    static async Task SettledAsync(OperatedFleet fleet)
    {
        var trust = await fleet.TrustAsync();
        var newest = trust.Releases.Lists.Max(list => list.Version);
        foreach (var agent in fleet.Agents)
        {
            Assert.True(agent.Lists.Current is not null, $"{agent.Told} has no list");
            Assert.True(trust.Valid(OperatedFleet.List, agent.Lists.Current.Version) is not null, $"{agent.Told}: version {agent.Lists.Current.Version} is not valid");
            Assert.Equal(newest, agent.Lists.Current.Version);
        }
        var counts = await AddUpAsync(fleet);
        Assert.Equal((fleet.Agents.Count, RolloutState.Complete), (counts.Applied, (await fleet.ViewAsync(newest)).State));
    }

    static async Task<RolloutCounts> AddUpAsync(OperatedFleet fleet)
    {
        var views = await fleet.Get<RolloutReading>().ReadAsync(OperatedFleet.List, superseded: true, Ct);
        foreach (var view in views)
        {
            Assert.Equal(fleet.Agents.Count, view.Counts.Agents);
            Assert.Equal(view.Counts.Agents, view.Counts.Applied + view.Counts.Refused + view.Counts.Silent + view.Counts.Waiting);
            Assert.Equal(view.Counts, new(
                view.Isps.Sum(isp => isp.Counts.Agents), view.Isps.Sum(isp => isp.Counts.Applied), view.Isps.Sum(isp => isp.Counts.Refused),
                view.Isps.Sum(isp => isp.Counts.Silent), view.Isps.Sum(isp => isp.Counts.Waiting)));
            Assert.Equal(view.Counts.Refused, view.Refusals.Sum(refusal => refusal.Agents));
        }
        return views[^1].Counts;
    }
}
