using System.Globalization;
using System.Text;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Events;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis.Trust;

/// <summary>What volunteers who lie together can make others believe, and what they cannot.</summary>
public sealed class HostileTests(ITestOutputHelper output)
{
    static readonly int Seeds = Environment.GetEnvironmentVariable("PROBENET_FULL") is null ? 3 : 40;

    [Fact]
    public void One_group_makes_and_hides_no_headline_however_many_and_old_it_is()
    {
        var table = new StringBuilder();
        foreach (var honest in new[] { 0, 1, 2, 3, 5 })
            foreach (var fakes in new[] { 1, 3, 10 })
                foreach (var old in new[] { false, true })
                {
                    var seen = Enumerable.Range(5000, Seeds).Select(seed => Outcome.Of(new(honest, fakes, 1, old, seed))).ToArray();
                    table.AppendLine(Line(honest, fakes, 1, old, seen));
                    Assert.All(seen, s => Assert.False(s.Open == CellState.Blocked || s.OpenEvents > 0, table.ToString()));
                    if (honest >= 2)
                    {
                        Assert.All(seen, s => Assert.NotEqual(CellState.LikelyBlocked, s.Open));
                        Assert.All(seen, s => Assert.Equal(CellState.Blocked, s.Blocked));
                    }
                    if (honest >= 3)
                        Assert.All(seen, s => Assert.True(s.FallEvents > 0, table.ToString()));
                }
        output.WriteLine(table.ToString());
    }

    [Theory]
    [InlineData(7, 3)]
    [InlineData(14, 6)]
    [InlineData(21, 9)]
    public void Three_in_ten_hostile_of_many_groups_make_nothing_blocked(int honest, int fakes)
    {
        var states = Enumerable.Range(5000, Seeds).SelectMany(seed => new[] { Outcome.Of(new(honest, fakes, fakes, Old: false, seed)), Outcome.Of(new(honest, fakes, fakes, Old: true, seed)) }).ToArray();
        output.WriteLine(string.Join(", ", states.GroupBy(s => s.Open).Select(g => $"{g.Key} {g.Count()}")));
        Assert.All(states, s => Assert.True(s.Open is CellState.Suspected or CellState.Insufficient));
        // An honest one that by chance fails twice beside three of ten makes four, which is no minority any more.
        Assert.InRange(states.Count(s => s.OpenEvents > 0), 0, states.Length / 50);
        Assert.All(states, s => Assert.Equal(CellState.Blocked, s.Blocked));
    }

    /// <summary>No rule can tell these from volunteers: the table says from how many honest ones on they fail.</summary>
    [Fact]
    public void Ten_fakes_over_three_groups_are_stopped_by_numbers_or_by_being_new()
    {
        var table = new StringBuilder();
        foreach (var old in new[] { false, true })
            foreach (var honest in new[] { 0, 1, 2, 3, 4, 5, 6, 8, 10 })
            {
                var seen = Enumerable.Range(5000, Seeds).Select(seed => Outcome.Of(new(honest, 10, 3, old, seed))).ToArray();
                table.AppendLine(Line(honest, 10, 3, old, seen));
                if (honest >= (old ? 6 : 1))
                    Assert.All(seen, s => Assert.False(s.Open is CellState.Blocked || s.OpenEvents > 0, table.ToString()));
                if (honest >= (old ? 5 : 2))
                    Assert.All(seen, s => Assert.True(s.Blocked is CellState.Blocked, table.ToString()));
            }
        output.WriteLine(table.ToString());
    }

    static string Line(int honest, int fakes, int groups, bool old, Outcome[] seen) => string.Create(CultureInfo.InvariantCulture,
        $"{honest,2} honest, {fakes,2} fakes of {groups} group(s), {(old ? "90 days old" : "new"),-11}: the open site is {Words(seen, s => s.Open)}, confirmed events of it {seen.Count(s => s.OpenEvents > 0)} of {seen.Length}; the blocked one {Words(seen, s => s.Blocked)}; the new block confirmed {seen.Count(s => s.FallEvents > 0)} of {seen.Length}");

    static string Words(Outcome[] seen, Func<Outcome, CellState> of) =>
        string.Join(", ", seen.GroupBy(of).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).Select(g => $"{g.Key.Word()} {g.Count()}"));

    sealed record Outcome(CellState Open, CellState Blocked, int OpenEvents, int FallEvents)
    {
        public static Outcome Of(Hostility plan)
        {
            var all = HostileCountry.All(plan);
            var cells = CellSet.Of(HostileCountry.LastWeek(plan), CellRules.Default).ToDictionary(c => c.Target, c => c.State);
            var events = EventSet.Of(all, CellRules.Default).Where(e => e.Kind == ChangeKind.Onset && e.Status == EventStates.Confirmed).ToArray();
            return new(cells[HostileCountry.Open], cells[HostileCountry.Blocked], events.Count(e => e.Target == HostileCountry.Open), events.Count(e => e.Target == HostileCountry.Falls));
        }
    }
}
