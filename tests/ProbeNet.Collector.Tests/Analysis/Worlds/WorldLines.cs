using ProbeNet.Collector.Analysis.Worlds;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Tests.Analysis.Worlds;

/// <summary>What units of a made country see, line by line.</summary>
sealed class WorldLines(WorldPlan plan, Random random, double noise, Trouble trouble)
{
    const int Controls = 3;

    readonly List<WorldObservation> _lines = [];
    readonly Dictionary<string, (DateTimeOffset From, DateTimeOffset To)> _sites = Index(trouble.Sites);
    readonly Dictionary<string, (DateTimeOffset From, DateTimeOffset To)> _moves = Index(trouble.Moves);
    readonly Dictionary<string, (DateTimeOffset From, DateTimeOffset To)> _bursts = Index(trouble.Bursts);
    readonly ILookup<long, (DateTimeOffset From, DateTimeOffset To)> _networks = trouble.Networks.ToLookup(n => n.Asn, n => (n.From, n.To));

    /// <summary>The world as it is known at its end, and as it will be when everything has come.</summary>
    public (World Known, World Whole) Write(IReadOnlyList<MadeTarget> targets, IReadOnlyList<MadeIsp> isps, IReadOnlyList<Block> blocks)
    {
        var held = blocks.GroupBy(b => (b.Asn, b.Target)).ToDictionary(g => g.Key, g => g.OrderBy(b => b.From).ToArray());
        foreach (var isp in isps)
            foreach (var unit in isp.Units)
            {
                var filtered = targets.Where(_ => random.NextDouble() < 0.3).Select(t => t.Category).Take(2).ToHashSet();
                for (var day = 0; day < plan.Days; day++)
                    foreach (var target in targets.Where(_ => random.NextDouble() < unit.Share))
                        See(isp, unit, filtered, target, WorldMaker.Start.AddDays(day).AddMinutes(random.Next(1440)), held);
            }
        var header = new WorldHeader("XA", [.. isps.Select(i => new WorldIsp(i.Asn, i.Name, null))], Controls, []);
        var whole = new World(header, [.. _lines.OrderBy(l => l.Time).ThenBy(l => l.Unit, StringComparer.Ordinal).ThenBy(l => l.Domain, StringComparer.Ordinal)
            .Select((l, i) => l with { Line = i + 2 })]);
        var delays = isps.SelectMany(i => i.Units).ToDictionary(u => u.Name, u => u.Delay, StringComparer.Ordinal);
        var end = WorldMaker.Start.AddDays(plan.Days);
        return (whole with { Observations = [.. whole.Observations.Where(o => o.Time + delays[o.Unit] < end)] }, whole);
    }

    void See(MadeIsp isp, MadeUnit unit, HashSet<string> filtered, MadeTarget target, DateTimeOffset at, Dictionary<(long, string), Block[]> held)
    {
        var line = new WorldObservation(0, at, isp.Asn, unit.Name, unit.Group, target.Name, target.Category, true, null, null, null, null, null, true,
            ControlAt(target, at), Reason.Scheduled, "1.4.0", null, Access.Fixed);
        if (_networks[isp.Asn].Any(n => at >= n.From && at < n.To))
            line = line with { Ok = false, Layer = "tcp", Mechanism = Mechanisms.TcpTimeout, ReferenceOk = random.NextDouble() < 0.03 };
        else if (_bursts.TryGetValue(unit.Name, out var burst) && at >= burst.From && at < burst.To && random.NextDouble() < 0.6)
            line = line with { Ok = false, Layer = "dns", Mechanism = Mechanisms.DnsTimeout, ReferenceOk = random.NextDouble() < 0.15 };
        else if (unit.HomeFilter && filtered.Contains(target.Category))
            line = line with { Ok = false, Layer = "dns", Mechanism = Mechanisms.DnsInjectionBogon, Token = "10.10.10.1", Via = "resolver" };
        else if (!unit.Tunnel && BlockAt(isp, target, at, held) is { } block)
            line = Blocked(line, isp, block);
        else if (target.Dead)
            line = isp.Rewrites
                ? line with { Ok = false, Layer = "dns", Mechanism = Mechanisms.DnsRewrite, Token = $"36.37.242.{isp.Asn % 200}", Via = "resolver" }
                : line with { Ok = false, Layer = "dns", Mechanism = Mechanisms.DnsNxdomain, Via = "unknown" };
        else if (_sites.TryGetValue(target.Name, out var down) && at >= down.From && at < down.To)
            line = line with { Ok = false, Layer = "tcp", Mechanism = Mechanisms.TcpTimeout };
        else if (_moves.TryGetValue(target.Name, out var move) && at >= move.From && at < move.To && random.NextDouble() < 0.25)
            line = line with { Ok = false, Layer = "tls", Mechanism = Mechanisms.TlsAlert };
        else if (random.NextDouble() < noise)
            line = line with { Ok = false, Layer = "tcp", Mechanism = random.Next(2) == 0 ? Mechanisms.TcpTimeout : Mechanisms.TlsTimeout };
        _lines.Add(line);
    }

    WorldObservation Blocked(WorldObservation line, MadeIsp isp, Block block)
    {
        // One path of several may pass the device by; some devices let go under load.
        if (random.NextDouble() < noise * 2)
            return line;
        var technique = Technique.Pick(block.Techniques, random);
        line = line with { Ok = false, Layer = technique.Layer, Mechanism = technique.Mechanism, Token = technique.Token, Via = technique.Via };
        if (!plan.Localised || random.NextDouble() < 0.5)
            return line;
        // TTL tests err: towards transit, or by a router that does not answer.
        return random.NextDouble() < noise * 4
            ? line with { HopAsn = isp.Transit, Hop = isp.Distance + 2 }
            : line with { HopAsn = block.Place, Hop = block.Distance };
    }

    bool? ControlAt(MadeTarget target, DateTimeOffset at)
    {
        if (random.NextDouble() < noise)
            return null;
        if (target.Dead)
            return false;
        return !(_sites.TryGetValue(target.Name, out var down) && at >= down.From && at < down.To) || random.NextDouble() < noise * 2;
    }

    static Block? BlockAt(MadeIsp isp, MadeTarget target, DateTimeOffset at, Dictionary<(long, string), Block[]> held) =>
        held.TryGetValue((isp.Asn, target.Name), out var own) ? Array.FindLast(own, b => at >= b.From && (b.To is null || at < b.To)) : null;

    static Dictionary<string, (DateTimeOffset From, DateTimeOffset To)> Index(IReadOnlyList<(string Name, DateTimeOffset From, DateTimeOffset To)> spans) =>
        spans.DistinctBy(s => s.Name).ToDictionary(s => s.Name, s => (s.From, s.To));
}
