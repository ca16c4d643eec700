using ProbeNet.Collector.Analysis.Worlds;

namespace ProbeNet.Collector.Tests.Analysis.Worlds;

/// <summary>
/// Makes countries whose truth is known. It knows the format of world files and nothing of how they are judged.
/// The same plan gives the same world.
/// </summary>
sealed class WorldMaker
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    const int FirstAsn = 64500;
    const int GatewayAsn = 65010;

    static readonly string[] Political = ["NEWS", "POLR", "HUMR", "GOVT", "ECON", "ENV"];
    static readonly string[] Commercial = ["GMB", "PORN", "FILE", "ANON"];
    static readonly string[] Everyday = ["COMM", "SRCH", "CULTR", "HOST", "GRP", "MMED"];

    readonly WorldPlan _plan;
    readonly Random _random;

    WorldMaker(WorldPlan plan)
    {
        _plan = plan;
        _random = new(plan.Seed * 7919 + (int)plan.Kind);
    }

    double Noise => Level(0.005, 0.01, 0.03);

    double Level(double easy, double middle, double hard) => _plan.Difficulty switch
    {
        Difficulty.Easy => easy,
        Difficulty.Middle => middle,
        _ => hard,
    };

    public static MadeWorld Make(WorldPlan plan) => new WorldMaker(plan).Make();

    MadeWorld Make()
    {
        var targets = Enumerable.Range(0, _plan.Targets).Select(i => Target(i)).ToArray();
        var isps = Enumerable.Range(0, _plan.Isps).Select(Isp).ToArray();
        var blocks = new List<Block>();
        switch (_plan.Kind)
        {
            case WorldKind.Order:
                Order(targets, isps, blocks);
                break;
            case WorldKind.Gateway or WorldKind.Hybrid:
                Devices(targets, isps, blocks);
                break;
            case WorldKind.Independent:
                foreach (var isp in isps)
                    OwnList(targets, isp, blocks, Level(0.12, 0.1, 0.08) + _random.NextDouble() * 0.15);
                break;
            case WorldKind.Outage:
                if (_random.Next(2) == 0)
                    OwnList(targets, isps[0], blocks, 0.03);
                break;
        }
        var lines = new WorldLines(_plan, _random, Noise, Trouble.Draw(_plan, _random, targets, isps, Level(0.3, 0.6, 1)));
        var (known, whole) = lines.Write(targets, isps, blocks);
        return new(_plan, targets, isps, blocks, known, whole);
    }

    MadeTarget Target(int i)
    {
        var at = _random.NextDouble();
        var code = at < 0.5 ? Political[_random.Next(Political.Length)] : at < 0.75 ? Commercial[_random.Next(Commercial.Length)] : Everyday[_random.Next(Everyday.Length)];
        return new($"site-{i:000}.example", code, Dead: _random.NextDouble() < 0.05);
    }

    MadeIsp Isp(int i)
    {
        var asn = FirstAsn + i + 1;
        var units = Enumerable.Range(0, _random.Next(1, 6)).Select(u => new MadeUnit(
            $"u{i}-{u}", $"g{i}-{u}", _random.NextDouble() < Level(0.01, 0.03, 0.06), _random.NextDouble() < Level(0.01, 0.02, 0.04), 0.6 + 0.3 * _random.NextDouble(), Delay())).ToArray();
        return new(asn, $"Provider {i}", units, 2 + _random.Next(4), Transit: 65020 + _random.Next(3), Rewrites: _random.NextDouble() < 0.15);
    }

    // Most deliver within hours; some were away and bring days.
    TimeSpan Delay() => TimeSpan.FromHours(_random.NextDouble() < Level(0.05, 0.1, 0.2) ? 24 + 24 * _random.NextDouble() : -4 * Math.Log(1 - _random.NextDouble()));

    void Order(MadeTarget[] targets, MadeIsp[] isps, List<Block> blocks)
    {
        var list = Listed(targets);
        var chat = _random.NextDouble() < 0.4;
        var since = Since();
        var networks = Enumerable.Range(0, Technique.Cambodia.Count).ToArray();
        _random.Shuffle(networks);
        for (var i = 0; i < isps.Length; i++)
        {
            var at = chat ? since.AddMinutes(_random.Next(40)) : since.AddHours(-72 * Math.Log(1 - _random.NextDouble()));
            var compliance = Level(0.85, 0.75, 0.6) + _random.NextDouble() * Level(0.13, 0.2, 0.3);
            foreach (var target in list.Where(_ => _random.NextDouble() < compliance))
                blocks.Add(new(isps[i].Asn, target.Name, at, null, Technique.Cambodia[networks[i % networks.Length]], isps[i].Asn, isps[i].Distance));
            if (_random.NextDouble() < Level(0.1, 0.3, 0.5))
                OwnList(targets, isps[i], blocks, 0.03);
        }
    }

    void Devices(MadeTarget[] targets, MadeIsp[] isps, List<Block> blocks)
    {
        var list = Listed(targets);
        var since = Since();
        var device = Technique.Device(_random);
        foreach (var isp in isps)
        {
            var at = since.AddMinutes(_random.NextDouble() * Level(5, 15, 60));
            var place = _plan.Kind == WorldKind.Gateway ? GatewayAsn : isp.Asn;
            var distance = _plan.Kind == WorldKind.Gateway ? isp.Distance + 3 : isp.Distance;
            foreach (var target in list.Where(_ => _random.NextDouble() < Level(0.99, 0.97, 0.93)))
                blocks.Add(new(isp.Asn, target.Name, at, null, device, place, distance));
            // What a provider blocked by itself before stays in its place.
            if (_random.NextDouble() < Level(0, 0.15, 0.3))
                OwnList(targets, isp, blocks, 0.04);
        }
    }

    void OwnList(MadeTarget[] targets, MadeIsp isp, List<Block> blocks, double share)
    {
        var technique = Technique.Own(_random, (int)(isp.Asn - FirstAsn));
        var kinds = Commercial.Where(_ => _random.Next(3) == 0).ToHashSet();
        foreach (var target in targets)
            if (_random.NextDouble() < (kinds.Contains(target.Category) ? Math.Min(0.9, share * 5) : share * 0.7) && !blocks.Exists(b => b.Asn == isp.Asn && b.Target == target.Name))
                blocks.Add(new(isp.Asn, target.Name, Start.AddHours(-48 + _random.Next(_plan.Days * 24)), null, technique, isp.Asn, isp.Distance));
    }

    MadeTarget[] Listed(MadeTarget[] targets)
    {
        MadeTarget[] alive = [.. targets.Where(t => !t.Dead)];
        _random.Shuffle(alive);
        var count = Math.Max(_random.Next(11, 16), (int)(targets.Length * (0.08 + 0.25 * _random.NextDouble())));
        return [.. alive.OrderByDescending(t => Political.Contains(t.Category) ? _random.NextDouble() + 0.35 : _random.NextDouble()).Take(count)];
    }

    // Most of what is blocked was so before anybody looked.
    DateTimeOffset Since() => _random.NextDouble() < 0.5 ? Start.AddDays(-30) : Start.AddHours(12 + _random.NextDouble() * (_plan.Days * 24 - 96));
}

/// <param name="Dead">Gone for everybody.</param>
sealed record MadeTarget(string Name, string Category, bool Dead);

/// <param name="Distance">Hops to its own filter.</param>
/// <param name="Rewrites">Its resolver invents answers for names that do not exist.</param>
sealed record MadeIsp(long Asn, string Name, IReadOnlyList<MadeUnit> Units, int Distance, long Transit, bool Rewrites);

/// <param name="Tunnel">Measures through a VPN by mistake.</param>
/// <param name="HomeFilter">A broken or commercial filter at home.</param>
/// <param name="Share">Of the list that it measures.</param>
/// <param name="Delay">Until what it measures arrives.</param>
sealed record MadeUnit(string Name, string Group, bool Tunnel, bool HomeFilter, double Share, TimeSpan Delay);

/// <param name="Place">The network that the device stands in.</param>
sealed record Block(long Asn, string Target, DateTimeOffset From, DateTimeOffset? To, IReadOnlyList<Technique> Techniques, long Place, int Distance);

/// <param name="World">What has arrived at its end.</param>
/// <param name="Whole">With what is late.</param>
sealed record MadeWorld(WorldPlan Plan, IReadOnlyList<MadeTarget> Targets, IReadOnlyList<MadeIsp> Isps, IReadOnlyList<Block> Blocks, World World, World Whole)
{
    readonly ILookup<(long, string), Block> _held = Blocks.ToLookup(b => (b.Asn, b.Target));

    public bool IsBlocked(long asn, string target, DateTimeOffset at) => _held[(asn, target)].Any(b => at >= b.From && (b.To is null || at < b.To));
}
