using ProbeNet.Collector.Analysis.Moves;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis.Moves;

public sealed class BaselineTests
{
    static readonly DateOnly First = new(2026, 3, 2);

    static FrozenBaseline Some(double share = 0.75) => new("KH", 64501, First, First.AddDays(14), First.AddDays(16), "4", 12,
        new(new Dictionary<string, double> { ["dns.nxdomain"] = share, ["tls.reset.sni rst:ttl of 64"] = 0.25 }, new Dictionary<long, double> { [64501] = 1 }));

    [Fact]
    public void A_baseline_is_read_as_it_was_written()
    {
        var read = FrozenBaseline.Parse(Some().Text());
        Assert.Equal((Some().Text(), Some().Digest), (read.Text(), read.Digest));
        Assert.Equal(0, read.Signature.DistanceTo(Some().Signature), 12);
        Assert.False(read.Signature.IsEmpty);
    }

    [Fact]
    public void Every_hash_covers_what_was_frozen_before()
    {
        var first = FrozenBaseline.Hash(FrozenBaseline.NoneBefore, Some().Text());
        Assert.NotEqual(first, FrozenBaseline.Hash(FrozenBaseline.NoneBefore, Some(0.7).Text()));
        Assert.NotEqual(FrozenBaseline.Hash(first, "x"), FrozenBaseline.Hash(FrozenBaseline.NoneBefore, "x"));
    }

    [Fact]
    public void The_period_is_the_first_fourteen_days_on_half_of_which_two_groups_looked()
    {
        var watched = Enumerable.Range(0, 40).ToDictionary(First.AddDays, day => day is < 5 or (> 9 and < 12) ? 1 : 2);
        Assert.Equal(First.AddDays(5), FrozenBaseline.PeriodOf(watched, First.AddDays(40))!.Since);
        Assert.Null(FrozenBaseline.PeriodOf(watched, First.AddDays(18)));
    }

    [Fact]
    public void Distances_are_of_marks_and_places()
    {
        var one = Some().Signature;
        var other = one with { Marks = new Dictionary<string, double> { ["http.blockpage page:x"] = 1 } };
        Assert.Equal(0.5, one.DistanceTo(other), 12);
        Assert.Equal(1, one.DistanceTo(other with { Places = new Dictionary<long, double> { [65010] = 1 } }), 12);
        Assert.Equal(1, one.DistanceTo(other with { Places = new Dictionary<long, double>() }), 12);
    }

    [Fact]
    public void An_event_of_the_calendar_explains_what_is_near_it()
    {
        var at = new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);
        CalendarEntry[] calendar = [new(at.AddDays(-2), "providers left their transit"), new(at.AddDays(9), "agent 1.5.0")];
        Assert.Equal("providers left their transit", Explanation.Of(new(at.AddHours(-1), at), calendar));
        Assert.Null(Explanation.Of(new(at.AddDays(4), at.AddDays(4)), calendar));
    }

    [Fact]
    public void A_calendar_names_its_faulty_line()
    {
        static List<(CalendarEntry Entry, string Cc)> Read(string text) => [.. CalendarSet.Read(new StringReader(text), "calendar.csv")];
        var read = Read("at,what,cc\n2026-06-12T17:00:00Z,\"transit, left\",kh\n2026-07-01,agent 1.5.0,\n");
        Assert.Equal([("transit, left", "KH"), ("agent 1.5.0", "")], read.Select(e => (e.Entry.What, e.Cc)));
        Assert.Equal(2, new CalendarSet(read).Of("KH").Count);
        Assert.Single(new CalendarSet(read).Of("LA"));
        Assert.StartsWith("calendar.csv, line 2:", Assert.Throws<InvalidDataException>(() => Read("at,what,cc\nsoon,x,\n")).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => Read("when,what\n"));
    }
}
