using ProbeNet.Collector.Analysis.Attribution;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Events;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Analysis.Worlds;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis.Worlds;

/// <summary>One site begins to be blocked at several providers: what that alone tells.</summary>
public sealed class EventOrganisationTests
{
    static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    static readonly (string Mechanism, string? Token, string? Via)[] Separate =
    [
        (Mechanisms.DnsNxdomain, null, Vias.Resolver), (Mechanisms.TlsReset, null, null), (Mechanisms.DnsInjectionBogon, "127.0.0.1", Vias.Resolver),
        (Mechanisms.TcpTimeout, null, null), (Mechanisms.HttpBlockpage, "page:own", null),
    ];

    static readonly (string Mechanism, string? Token, string? Via)[] Device = [(Mechanisms.DnsInjectionSink, "198.51.100.6", Vias.Path)];

    [Fact]
    public void One_device_everywhere_is_alike() => Assert.Equal(Organisations.Alike, Event(Device, blocking: 5, hoursApart: 0).Word);

    [Fact]
    public void Separate_tools_that_came_in_their_own_time_are_different() => Assert.Equal(Organisations.Different, Event(Separate, blocking: 5, hoursApart: 16).Word);

    [Fact]
    public void Separate_tools_within_the_hour_are_coordinated_and_no_more()
    {
        var verdict = Event(Separate, blocking: 5, hoursApart: 0);
        Assert.Equal((Organisations.Coordinated, 5, 5), (verdict.Word, verdict.Compared, verdict.Blocking));
    }

    [Fact]
    public void Together_at_few_of_those_that_were_watched_is_not_coordinated() => Assert.Equal(Organisations.Different, Event(Separate, blocking: 3, hoursApart: 0, isps: 8).Word);

    [Fact]
    public void Two_providers_are_too_few_to_compare()
    {
        var verdict = Event(Device, blocking: 2, hoursApart: 0);
        Assert.Equal((Organisations.Insufficient, 2), (verdict.Word, verdict.Blocking));
    }

    [Fact]
    public void The_same_ordinary_means_say_nothing() => Assert.Equal(Organisations.Insufficient, Event([(Mechanisms.DnsNxdomain, null, Vias.Resolver)], blocking: 5, hoursApart: 16).Word);

    [Fact]
    public void An_end_has_no_organisation()
    {
        var days = Days(Device, blocking: 4, hoursApart: 0, isps: 4, until: 60);
        var end = Assert.Single(EventSet.Of(days, CellRules.Default), e => e.Kind == ChangeKind.End);
        Assert.Null(EventJudge.Of(end, days));
    }

    static TargetVerdict Event((string, string?, string?)[] ways, int blocking, int hoursApart, int isps = 5)
    {
        var days = Days(ways, blocking, hoursApart, isps, until: null);
        return EventJudge.Of(Assert.Single(EventSet.Of(days, CellRules.Default)), days)!;
    }

    // Three homes at each provider look every half hour; the first provider begins after a day.
    static IReadOnlyList<UnitDay> Days((string Mechanism, string? Token, string? Via)[] ways, int blocking, int hoursApart, int isps, int? until)
    {
        var lines = new List<WorldObservation>();
        for (var i = 0; i < isps; i++)
            for (var home = 0; home < 3; home++)
                for (var slot = 0; slot < 8 * 48; slot++)
                {
                    var (way, hour) = (ways[i % ways.Length], slot / 2.0);
                    var bad = i < blocking && hour >= 24 + i * hoursApart && !(hour >= until);
                    lines.Add(new(lines.Count + 2, Start.AddHours(hour).AddMinutes(home), 64501 + i, $"{i}-{home}", $"{i}-{home}", "news.example", "NEWS", !bad,
                        bad ? way.Mechanism.Split('.')[0] : null, bad ? way.Mechanism : null, bad ? way.Token : null, null, null, true, true, Reason.Scheduled, null,
                        bad ? way.Via : null, Access.Fixed));
                }
        return WorldDays.Of(new(new("XA", [], 3, []), [.. lines.OrderBy(l => l.Time)]));
    }
}
