using Microsoft.Extensions.Time.Testing;
using ProbeNet.Agent.Measurements;
using ProbeNet.Protos.V1;
using Xunit;

namespace ProbeNet.Agent.Tests.Measurements;

public sealed class ScheduleTests
{
    readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero));
    readonly AddressMemory _memory = new();

    [Fact]
    public void Each_round_takes_a_random_sixty_to_ninety_percent()
    {
        var rounds = new List<HashSet<string>>();
        for (var seed = 0; seed < 40; seed++)
        {
            var schedule = Make(new ScheduleOptions { Rate = 1000 }, seed);
            schedule.Replace(Entries(100, priority: false));
            rounds.Add([.. Run(schedule, TimeSpan.FromHours(2)).Select(one => one.Input)]);
        }
        Assert.All(rounds, round => Assert.InRange(round.Count, 60, 90));
        Assert.True(rounds.Select(round => round.Count).Distinct().Count() > 5);
        Assert.NotEqual(rounds[0].Order(), rounds[1].Order());
    }

    [Fact]
    public void Priority_inputs_come_every_hour_and_the_others_every_day()
    {
        var schedule = Make(new ScheduleOptions { Rate = 60, Share = 1 }, 3);
        schedule.Replace([.. Entries(10, priority: true), .. Entries(30, priority: false)]);
        var runs = Run(schedule, TimeSpan.FromHours(23.9)).Select(one => one.Input).ToList();
        Assert.Equal(24 * 10, runs.Count(input => input.Contains("first", StringComparison.Ordinal)));
        Assert.Equal(30, runs.Count(input => input.Contains("other", StringComparison.Ordinal)));
    }

    [Fact]
    public void More_than_sixty_priority_inputs_are_treated_as_the_others()
    {
        var schedule = Make(new ScheduleOptions { Rate = 1000, Share = 1 }, 3);
        schedule.Replace(Entries(100, priority: true));
        var runs = Run(schedule, TimeSpan.FromHours(2.5)).GroupBy(one => one.Input).ToLookup(group => group.Count());
        Assert.Equal((60, 40), (runs[3].Count(), runs[1].Count()));
    }

    [Fact]
    public void Starts_keep_the_rate_and_are_jittered()
    {
        var schedule = Make(new ScheduleOptions { Share = 1 }, 5);
        schedule.Replace(Entries(60, priority: false));
        var times = Run(schedule, TimeSpan.FromMinutes(61)).Select(one => one.At).ToList();
        var gaps = times.Zip(times.Skip(1), (a, b) => (b - a).TotalSeconds).ToList();
        Assert.All(gaps, gap => Assert.InRange(gap, 29, 92));
        Assert.InRange(gaps.Average(), 50, 70);
        Assert.True(gaps.Max() - gaps.Min() > 20);
    }

    [Fact]
    public void Neighbours_on_an_address_follow_each_other_and_the_suspect_comes_last()
    {
        var entries = Entries(30, priority: false).ToList();
        for (var i = 0; i < 30; i++)
            _memory.Remember(Seen(entries[i].Input, (byte)(i % 3), suspect: i is 4 or 8));
        var schedule = Make(new ScheduleOptions { Rate = 1000, Share = 1 }, 9);
        schedule.Replace(entries);
        var order = Run(schedule, TimeSpan.FromHours(1)).Select(one => entries.FindIndex(entry => entry.Input == one.Input)).ToList();
        var groups = order.Chunk(10).ToList();
        Assert.All(groups, group => Assert.Single(group.Select(i => i % 3).Distinct()));
        Assert.Equal(4, groups.Single(group => group.Contains(4))[^1]);
        Assert.Equal(8, groups.Single(group => group.Contains(8))[^1]);
    }

    [Fact]
    public void A_task_goes_before_the_rounds_but_not_above_the_rate()
    {
        var schedule = Make(new ScheduleOptions { Jitter = 0 }, 1);
        schedule.Replace(Entries(10, priority: false));
        schedule.AddTask("https://task.test/");
        Assert.Equal(("https://task.test/", Reason.Task), schedule.Take());
        Assert.Null(schedule.Take());
        Assert.Equal(TimeSpan.FromMinutes(1), schedule.UntilNext());
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(Reason.Scheduled, schedule.Take()?.Reason);
    }

    [Fact]
    public void What_a_control_is_asked_for_waits_for_no_rate()
    {
        var schedule = Make(new ScheduleOptions { Jitter = 0 }, 1);
        schedule.Replace(Entries(10, priority: false));
        Assert.Equal(Reason.Scheduled, schedule.Take()?.Reason);
        for (var i = 0; i < 40; i++)
            schedule.AddTask($"https://task{i}.test/", urgent: true);
        for (var i = 0; i < 40; i++)
        {
            Assert.Equal(TimeSpan.Zero, schedule.UntilNext());
            Assert.Equal(($"https://task{i}.test/", Reason.Task), schedule.Take());
        }
        Assert.Null(schedule.Take());
        Assert.Equal(TimeSpan.FromMinutes(1), schedule.UntilNext());
    }

    [Fact]
    public void What_a_newer_list_no_longer_holds_is_not_measured()
    {
        var schedule = Make(new ScheduleOptions { Rate = 1000, Share = 1 }, 1);
        schedule.Replace(Entries(10, priority: false));
        Assert.NotNull(schedule.Take());
        schedule.Replace([]);
        Assert.Empty(Run(schedule, TimeSpan.FromHours(2)));
    }

    [Fact]
    public void A_list_may_ask_for_longer_pauses_and_never_for_shorter_ones()
    {
        var schedule = Make(new ScheduleOptions { Rate = 60, Share = 1 }, 3);
        schedule.Replace(
        [
            new() { Input = "https://hourly.test/", Priority = true, CadenceHours = 1 },
            new() { Input = "https://six.test/", Priority = true, CadenceHours = 6 },
            new() { Input = "https://greedy.test/", CadenceHours = 1 },
            new() { Input = "https://weekly.test/", CadenceHours = 168 },
        ]);
        var runs = Run(schedule, TimeSpan.FromDays(14) - TimeSpan.FromHours(0.5)).CountBy(one => one.Input).ToDictionary();
        Assert.Equal((14 * 24, 14 * 4, 14, 2), (runs["https://hourly.test/"], runs["https://six.test/"], runs["https://greedy.test/"], runs["https://weekly.test/"]));
    }

    [Fact]
    public void However_many_entries_a_list_marks_the_rate_is_the_agents_own()
    {
        var schedule = Make(new ScheduleOptions(), 3);
        schedule.Replace([.. Entries(5000, priority: true), .. Entries(5000, priority: false)]);
        Assert.InRange(Run(schedule, TimeSpan.FromHours(10)).Count, 560, 640);
    }

    Schedule Make(ScheduleOptions options, int seed) => new(options, _memory, _time, new Random(seed));

    List<(string Input, DateTimeOffset At)> Run(Schedule schedule, TimeSpan duration)
    {
        var end = _time.GetUtcNow() + duration;
        var taken = new List<(string, DateTimeOffset)>();
        while (_time.GetUtcNow() < end)
        {
            if (schedule.Take() is { } next)
                taken.Add((next.Input, _time.GetUtcNow()));
            else
                _time.Advance(schedule.UntilNext() + TimeSpan.FromMilliseconds(1));
        }
        return taken;
    }

    static IEnumerable<ListEntry> Entries(int count, bool priority) =>
        Enumerable.Range(0, count).Select(i => new ListEntry { Input = $"https://{(priority ? "first" : "other")}{i}.test/", Priority = priority });

    static Facts Seen(string input, byte address, bool suspect)
    {
        var facts = new Facts { Input = input };
        facts.Tcp.Add(new TcpConnect { Address = Google.Protobuf.ByteString.CopyFrom(1, 1, 1, address), Port = 443 });
        if (suspect)
            facts.Tls.Add(new TlsHandshake { Failure = ProbeNet.Protos.FailureCodes.ConnectionReset });
        return facts;
    }
}
