using Npgsql;
using ProbeNet.Collector.Analysis.Events;
using ProbeNet.Protos.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Tests.Analysis.Events;

/// <summary>Events at rest, from the writer over the analysis, on PostgreSQL.</summary>
public sealed class EventStoreTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_block_is_found_confirmed_and_its_end_found_with_one_alert_each(bool timescale)
    {
        await using var country = await BlockedCountry.CreateAsync(timescale ? await AnalysisGround.OnTimescaleAsync() : await AnalysisGround.OnPostgresAsync());
        await country.ReachedAsync(-6, 0);
        await country.DeniedAsync(0, 1);
        var provisional = Assert.Single(await country.EventsAsync());
        Assert.Equal((ChangeKind.Onset, EventStates.Provisional, true), (provisional.Event.Kind, provisional.Event.Status, provisional.Alerted));
        Assert.Equal((BlockedCountry.Start.AddMinutes(-20), BlockedCountry.Start), (provisional.Event.At.Earliest, provisional.Event.At.Latest));
        var isp = Assert.Single(provisional.Event.Isps);
        Assert.Equal((64501, 3, "dns.nxdomain"), (isp.Asn, isp.Units, Assert.Single(isp.Mechanisms)));

        await country.DeniedAsync(1, 5);
        var confirmed = Assert.Single(await country.EventsAsync());
        Assert.Equal((provisional.Event.Id, EventStates.Confirmed), (confirmed.Event.Id, confirmed.Event.Status));

        await country.ReachedAsync(5, 12);
        var events = await country.EventsAsync();
        Assert.Equal([ChangeKind.Onset, ChangeKind.End], events.OrderBy(e => e.Event.At.Latest).Select(e => e.Event.Kind));
        Assert.Equal(2, await country.Ground.Store.ReadAsync<long>("select count(*) from event_log where alert"));
        var log = await country.LogAsync(confirmed.Event.Id);
        Assert.Equal(["found"], log[0].Changes);
        Assert.Contains("status: provisional -> confirmed", log[1].Changes);
    }

    [Fact]
    public async Task Late_data_that_move_the_first_sight_leave_an_event_its_name_and_say_what_changed()
    {
        await using var country = await BlockedCountry.CreateAsync();
        await country.ReachedAsync(-28, -20);
        await country.DeniedAsync(0, 4);
        var before = Assert.Single(await country.EventsAsync()).Event;

        // What two of the homes saw the evening before was held up.
        await country.DeniedAsync(-14, -1, country.Homes[0], country.Homes[1]);
        var after = Assert.Single(await country.EventsAsync()).Event;
        Assert.Equal(before.Id, after.Id);
        Assert.NotEqual(EventSet.Merge([new("KH", after.Target, after.Kind, after.Isps[0])], new Dictionary<long, int>(), [])[0].Id, after.Id);
        Assert.Equal(BlockedCountry.Start.AddHours(-14), after.At.Latest);
        var log = await country.LogAsync(before.Id);
        Assert.Contains(log[^1].Changes, change => change.StartsWith("between: ", StringComparison.Ordinal));
        Assert.Single(log, entry => entry.Alert);
    }

    [Fact]
    public async Task What_a_quarantine_takes_away_is_taken_back_and_returns_under_its_name_without_a_second_alert()
    {
        await using var country = await BlockedCountry.CreateAsync();
        await country.ReachedAsync(-6, 0);
        await country.DeniedAsync(0, 4);
        var before = Assert.Single(await country.EventsAsync()).Event;
        await country.Ground.SetAsideAsync(country.Homes[0], country.Homes[1]);
        var (gone, alerted) = Assert.Single(await country.EventsAsync());
        Assert.Equal((before.Id, EventStates.Withdrawn, EventContrasts.LaterData, true), (gone.Id, gone.Status, gone.Reason, alerted));

        await country.Ground.BringBackAsync(country.Homes[0], country.Homes[1]);
        Assert.Equal((before.Id, before.Status), Assert.Single(await country.EventsAsync()) is var back ? (back.Event.Id, back.Event.Status) : default);
        var log = await country.LogAsync(before.Id);
        Assert.Equal([true, false, false], log.Select(entry => entry.Alert));
    }

    [Fact]
    public async Task Who_only_says_which_network_it_is_in_makes_no_event()
    {
        await using var country = await BlockedCountry.CreateAsync();
        foreach (var home in country.Homes)
            home.Certificate.AsnSource = AsnSource.Agent;
        await country.ReachedAsync(-6, 0);
        await country.DeniedAsync(0, 5);
        Assert.Empty(await country.EventsAsync());
        Assert.True(await country.Ground.Store.CountAsync("unit_day") > 0);
        Assert.Equal(0, await country.Ground.Store.CountAsync("event_log"));
    }

    [Fact]
    public async Task What_was_said_of_an_event_stays()
    {
        await using var country = await BlockedCountry.CreateAsync();
        await country.ReachedAsync(-6, 0);
        await country.DeniedAsync(0, 4);
        Assert.Single(await country.EventsAsync());
        foreach (var sql in new[] { "delete from event_log", "update event_log set alert = false", "truncate event_log" })
            await Assert.ThrowsAsync<PostgresException>(async () =>
            {
                await using var command = country.Ground.Store.Source.CreateCommand(sql);
                await command.ExecuteNonQueryAsync(AnalysisGround.Ct);
            });
        Assert.Equal(1, await country.Ground.Store.CountAsync("event_log"));
    }

    /// <summary>Whatever the order in which the same measurements come, the events are the same.</summary>
    [Fact]
    public async Task The_order_of_arrival_changes_nothing()
    {
        await using var country = await BlockedCountry.CreateAsync();
        await country.DeniedAsync(1, 5, country.Homes[2]);
        await country.EventsAsync();
        await country.ReachedAsync(-6, 0);
        await country.EventsAsync();
        await country.DeniedAsync(0, 5, country.Homes[0], country.Homes[1]);
        var pieces = Assert.Single(await country.EventsAsync()).Event;

        await using var other = await BlockedCountry.CreateAsync();
        await other.ReachedAsync(-6, 0);
        await other.DeniedAsync(0, 5, other.Homes[0], other.Homes[1]);
        await other.DeniedAsync(1, 5, other.Homes[2]);
        var whole = Assert.Single(await other.EventsAsync()).Event;
        Assert.Equivalent(whole with { Id = pieces.Id }, pieces, strict: true);
    }
}
