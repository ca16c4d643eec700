using ProbeNet.Collector.Analysis.Attribution;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Worlds;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis.Worlds;

/// <summary>What is said of a country rests on no single group of volunteers.</summary>
public sealed class HeadlineTests
{
    [Theory]
    [InlineData(Organisations.Gateway, Organisations.Hybrid, Organisations.Central)]
    [InlineData(Organisations.Gateway, Organisations.Central, Organisations.Central)]
    [InlineData(Organisations.Hybrid, Organisations.Order, Organisations.Coordinated)]
    [InlineData(Organisations.Order, Organisations.Coordinated, Organisations.Coordinated)]
    [InlineData(Organisations.Order, Organisations.Independent, Organisations.Undetermined)]
    [InlineData(Organisations.Gateway, Organisations.Undetermined, Organisations.Undetermined)]
    [InlineData(Organisations.Order, Organisations.Order, Organisations.Order)]
    public void Two_words_have_in_common_what_both_say(string left, string right, string common)
    {
        Assert.Equal(common, Headline.Common(left, right));
        Assert.Equal(common, Headline.Common(right, left));
    }

    [Fact]
    public void One_group_in_every_network_cannot_make_an_order_look_like_a_gateway()
    {
        var made = WorldMaker.Make(new(WorldKind.Order, Difficulty.Easy, 4711, Isps: 6, Targets: 60, Localised: false));
        Assert.Equal(Organisations.Order, Judge(made, made.World.Observations).Word);

        // Two homes in each network that say of everything blocked: one device, in one foreign network.
        var lies = from isp in made.Isps
                   from slot in Enumerable.Range(0, 14)
                   let time = WorldMaker.Start.AddHours(12 * slot)
                   from block in made.Blocks.Where(b => b.Asn == isp.Asn && b.From <= time)
                   select new WorldObservation(0, time, isp.Asn, $"liar-{isp.Asn}-{slot % 2}", "liars", block.Target, null, false, "http", Mechanisms.HttpBlockpage,
                       "page:gateway", 65000, isp.Distance + 4, true, true, Reason.Scheduled, null, null, Access.Unknown);
        var verdict = Judge(made, [.. made.World.Observations.Concat(lies).OrderBy(o => o.Time)]);
        Assert.Contains(verdict.Word, new[] { Organisations.Order, Organisations.Coordinated });
        Assert.Contains(Organisations.Gateway, verdict.Evidence.Single(e => e.Kind == "groups").Text, StringComparison.Ordinal);
    }

    static CountryVerdict Judge(MadeWorld made, IReadOnlyList<WorldObservation> observations) =>
        AttributionJudge.Judge(CellSet.Judge(WorldDays.Of(made.World with { Observations = observations }), CellRules.Default), WorldAnalysis.Categories(made.World));
}
