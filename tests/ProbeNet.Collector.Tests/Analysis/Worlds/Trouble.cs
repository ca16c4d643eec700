namespace ProbeNet.Collector.Tests.Analysis.Worlds;

/// <summary>What goes wrong without anybody blocking.</summary>
/// <param name="Sites">A site is down for everybody.</param>
/// <param name="Moves">A site changes its CDN: some visitors get errors for hours.</param>
/// <param name="Networks">A provider is cut off.</param>
/// <param name="Bursts">One home has trouble.</param>
sealed record Trouble(
    IReadOnlyList<(string Target, DateTimeOffset From, DateTimeOffset To)> Sites,
    IReadOnlyList<(string Target, DateTimeOffset From, DateTimeOffset To)> Moves,
    IReadOnlyList<(long Asn, DateTimeOffset From, DateTimeOffset To)> Networks,
    IReadOnlyList<(string Unit, DateTimeOffset From, DateTimeOffset To)> Bursts)
{
    public static Trouble Draw(WorldPlan plan, Random random, IReadOnlyList<MadeTarget> targets, IReadOnlyList<MadeIsp> isps, double level)
    {
        var hours = plan.Days * 24;
        (DateTimeOffset From, DateTimeOffset To) Span(double longest)
        {
            var from = WorldMaker.Start.AddHours(random.NextDouble() * hours);
            return (from, from.AddHours(1 + random.NextDouble() * longest));
        }
        var sites = targets.Where(_ => random.NextDouble() < 0.2 * level).Select(t => (t.Name, Span(10))).Select(x => (x.Name, x.Item2.From, x.Item2.To)).ToArray();
        var moves = targets.Where(_ => random.NextDouble() < 0.06 * level).Select(t => (t.Name, Span(24))).Select(x => (x.Name, x.Item2.From, x.Item2.To)).ToArray();
        var networks = isps.Where(_ => random.NextDouble() < 0.15 * level).Select(i => (i.Asn, Span(3))).Select(x => (x.Asn, x.Item2.From, x.Item2.To)).ToList();
        if (plan.Kind == WorldKind.Outage)
        {
            var from = WorldMaker.Start.AddHours(24 + random.NextDouble() * (hours - 72));
            var to = from.AddHours(2 + random.NextDouble() * 46);
            // Together, as when a cable breaks; or one provider after the other.
            var together = random.Next(2) == 0;
            foreach (var isp in isps.Where(_ => random.NextDouble() < 0.7))
                networks.Add(together ? (isp.Asn, from, to) : (isp.Asn, from.AddHours(random.NextDouble() * 24), to.AddHours(random.NextDouble() * 24)));
        }
        var bursts = isps.SelectMany(i => i.Units).Where(_ => random.NextDouble() < 0.3 * level).Select(u => (u.Name, Span(4))).Select(x => (x.Name, x.Item2.From, x.Item2.To)).ToArray();
        return new(sites, moves, networks, bursts);
    }
}
