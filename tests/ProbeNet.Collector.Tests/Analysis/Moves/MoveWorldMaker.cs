using ProbeNet.Collector.Analysis.Moves;
using ProbeNet.Collector.Tests.Analysis.Worlds;
using ProbeNet.Protos;

namespace ProbeNet.Collector.Tests.Analysis.Moves;

/// <summary>Ninety days of a country under an order, and what becomes of it. It knows nothing of how moves are found.</summary>
sealed class MoveWorldMaker
{
    const int FirstAsn = 64500;
    const int GatewayAsn = 65010;

    readonly MovePlan _plan;
    readonly Random _random;
    readonly MadeTarget[] _targets;
    readonly MadeIsp[] _isps;
    readonly List<Block> _blocks = [];
    readonly List<CalendarEntry> _calendar = [];

    MoveWorldMaker(MovePlan plan)
    {
        _plan = plan;
        _random = new(plan.Seed * 4241 + (int)plan.Kind);
        _targets = [.. Enumerable.Range(0, plan.Targets).Select(i => new MadeTarget($"site-{i:000}.example", _random.Next(2) == 0 ? "NEWS" : "GMB", _random.NextDouble() < 0.04))];
        _isps = [.. Enumerable.Range(0, plan.Isps).Select(Isp)];
    }

    public static MovingWorld Make(MovePlan plan) => new MoveWorldMaker(plan).Make();

    MovingWorld Make()
    {
        var list = _targets.Where(t => !t.Dead).OrderBy(_ => _random.Next()).Take(Math.Max(12, (int)(_plan.Targets * (0.12 + 0.25 * _random.NextDouble())))).ToArray();
        Order(list);
        var moved = new Dictionary<long, DateTimeOffset>();
        var changes = new LineChanges(_plan, _random);
        var days = MovePlan.Lead + MovePlan.Transition + MovePlan.Rest;
        var trouble = Trouble.Draw(PlanOf(days), _random, _targets, _isps, _plan.Level(0.3, 0.6, 1));
        switch (_plan.Kind)
        {
            case MoveKind.Gateway:
                Move(list, moved);
                // What else happens meanwhile.
                if (_random.Next(2) == 0)
                    _calendar.Add(new(Sometime(), "the transit of most providers changed"));
                if (_random.Next(2) == 0)
                    _calendar.Add(new(changes.Release(_isps, Sometime(), LineChanges.NewVersion.Deeper), "agent 1.5.0"));
                break;
            case MoveKind.Rerouting:
                var rerouted = Sometime();
                _calendar.Add(new(rerouted, "providers had to leave their transit"));
                changes.Reroute(rerouted);
                if (_random.NextDouble() < 0.3)
                    FilterOnTheWay(rerouted);
                break;
            case MoveKind.Cdn:
                trouble = MoveSites(list, trouble);
                break;
            default:
                var kinds = Enum.GetValues<LineChanges.NewVersion>();
                _calendar.Add(new(changes.Release(_isps, Sometime(), kinds[_random.Next(kinds.Length)]), "agent 1.5.0"));
                break;
        }
        changes.Absences(_isps);
        var (_, world) = new WorldLines(PlanOf(days), _random, _plan.Level(0.005, 0.01, 0.03), trouble).Write(_targets, _isps, _blocks);
        return new(_plan, _isps, moved, world with
        {
            Header = world.Header with { Calendar = [.. _calendar.OrderBy(e => e.At)] },
            Observations = [.. world.Observations.Select(changes.Of).OfType<ProbeNet.Collector.Analysis.Worlds.WorldObservation>()],
        });
    }

    WorldPlan PlanOf(int days) => new(WorldKind.Order, _plan.Difficulty, _plan.Seed, _plan.Isps, _plan.Targets, _plan.Localised, days);

    MadeIsp Isp(int i) => new(
        FirstAsn + i + 1, $"Provider {i}",
        [
            .. Enumerable.Range(0, _random.Next(1, 6)).Select(u => new MadeUnit(
                $"u{i}-{u}", $"g{i}-{u}", _random.NextDouble() < _plan.Level(0.01, 0.03, 0.06), _random.NextDouble() < _plan.Level(0.01, 0.02, 0.04), 0.4 + 0.4 * _random.NextDouble(), TimeSpan.Zero)),
        ],
        2 + _random.Next(4), Transit: 65020 + _random.Next(3), Rewrites: false);

    DateTimeOffset Sometime() => WorldMaker.Start.AddDays(MovePlan.Lead + _random.NextDouble() * MovePlan.Transition);

    void Order(MadeTarget[] list)
    {
        var networks = Enumerable.Range(0, Technique.Cambodia.Count).OrderBy(_ => _random.Next()).ToArray();
        for (var i = 0; i < _isps.Length; i++)
        {
            // Some hardly obey, and one in twelve blocks nothing before it must.
            if (_random.NextDouble() < 0.08)
                continue;
            var own = Technique.Cambodia[networks[i % networks.Length]];
            var compliance = _plan.Level(0.85, 0.75, 0.6) + 0.15 * _random.NextDouble();
            // A provider may change its tools without anybody telling it to.
            var change = _random.NextDouble() < _plan.Level(0.05, 0.15, 0.3) ? Sometime() : (DateTimeOffset?)null;
            var next = Technique.Own(_random, i);
            foreach (var target in list.Where(_ => _random.NextDouble() < compliance))
            {
                _blocks.Add(new(_isps[i].Asn, target.Name, WorldMaker.Start.AddDays(-30), change, own, _isps[i].Asn, _isps[i].Distance));
                if (change is { } at)
                    _blocks.Add(new(_isps[i].Asn, target.Name, at, null, next, _isps[i].Asn, _isps[i].Distance));
            }
        }
    }

    void Move(MadeTarget[] list, Dictionary<long, DateTimeOffset> moved)
    {
        Technique[][] plain =
        [
            [new(Mechanisms.TlsTimeout, "tls", null, null, 1)],
            [new(Mechanisms.TcpTimeout, "tcp", null, null, 1)],
            [new(Mechanisms.DnsNxdomain, "dns", null, "path", 1)],
        ];
        var device = _plan.Plain ? plain[_random.Next(plain.Length)] : Technique.Device(_random);
        var kept = _plan.Level(0, 0.1, 0.25);
        foreach (var isp in _isps)
        {
            if (_random.NextDouble() < _plan.Level(0, 0.05, 0.1))
                continue;
            var at = Sometime();
            moved[isp.Asn] = at;
            var own = _blocks.Where(b => b.Asn == isp.Asn).ToArray();
            foreach (var target in list)
            {
                var cut = at.AddHours(_plan.Level(0.2, 2, 8) * _random.NextDouble());
                // Some of what a provider did itself stays in its place; resolvers are not always told to stop.
                if (own.Any(b => b.Target == target.Name) && _random.NextDouble() < kept)
                    continue;
                _blocks.RemoveAll(b => b.Asn == isp.Asn && b.Target == target.Name && b.From >= cut);
                for (var i = 0; i < _blocks.Count; i++)
                    if (_blocks[i] is { To: null } open && open.Asn == isp.Asn && open.Target == target.Name)
                        _blocks[i] = open with { To = cut };
                if (_random.NextDouble() < _plan.Level(0.99, 0.97, 0.93))
                    _blocks.Add(new(isp.Asn, target.Name, cut, null, device, GatewayAsn, isp.Distance + 3));
            }
            // A trial, some days before.
            if (_random.NextDouble() < _plan.Level(0, 0.1, 0.2) && at.AddDays(-4) is var trial && trial > WorldMaker.Start.AddDays(MovePlan.Lead))
                foreach (var target in list)
                    _blocks.Add(new(isp.Asn, target.Name, trial, trial.AddHours(4), device, GatewayAsn, isp.Distance + 3));
        }
    }

    // The new transit's country filters what passes: some names, for all who use it.
    void FilterOnTheWay(DateTimeOffset from)
    {
        var device = Technique.Device(_random);
        var names = _targets.Where(t => !t.Dead).OrderBy(_ => _random.Next()).Take(_random.Next(5, 13)).ToArray();
        foreach (var isp in _isps.Where(_ => _random.NextDouble() < 0.7))
            foreach (var target in names.Where(t => !_blocks.Exists(b => b.Asn == isp.Asn && b.Target == t.Name)))
                _blocks.Add(new(isp.Asn, target.Name, from.AddHours(48 * _random.NextDouble()), null, device, LineChanges.NewTransit, isp.Distance + 4));
    }

    // Where a provider drops addresses, its block is gone until it learns the new ones; visitors get errors for days.
    Trouble MoveSites(MadeTarget[] list, Trouble trouble)
    {
        var at = Sometime();
        var sites = _targets.Where(_ => _random.NextDouble() < 0.3).Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < _blocks.Count; i++)
        {
            var block = _blocks[i];
            if (!sites.Contains(block.Target) || !block.Techniques[0].Mechanism.StartsWith("tcp.", StringComparison.Ordinal) || block.From > at || block.To <= at)
                continue;
            _blocks[i] = block with { To = at };
            _blocks.Add(block with { From = at.AddDays(10 * _random.NextDouble()) });
        }
        return trouble with { Moves = [.. trouble.Moves, .. sites.Select(s => (s, at, at.AddHours(_random.Next(12, 96))))] };
    }
}
