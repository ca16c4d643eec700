using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Worlds;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Tests.Analysis.Trust;

/// <summary>A provider with honest volunteers, each of a group of its own, and others who lie together.</summary>
/// <param name="Groups">Groups that the fakes are of.</param>
/// <param name="Old">They have been there, and told the truth, for as long as the honest; otherwise since the last week.</param>
sealed record Hostility(int Honest, int Fakes, int Groups, bool Old, int Seed);

/// <summary>What everybody saw of an open site, of a blocked one, and of one that is blocked in the last week, over ninety-seven days.</summary>
static class HostileCountry
{
    public const string Open = "open.example";
    public const string Blocked = "blocked.example";
    public const string Falls = "falls.example";

    const long Asn = 64501;
    const int Days = 97;

    /// <summary>The last week: then the fakes lie.</summary>
    public static readonly DateTimeOffset Lie = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);

    public static readonly DateTimeOffset Fall = Lie.AddDays(2);

    /// <summary>Unit days of the last week, with what is known of their units' age.</summary>
    public static IReadOnlyList<UnitDay> LastWeek(Hostility plan) => [.. All(plan).Where(d => d.Day >= DateOnly.FromDateTime(Lie.UtcDateTime))];

    public static IReadOnlyList<UnitDay> All(Hostility plan)
    {
        var random = new Random(plan.Seed * 6007 + plan.Honest * 101 + plan.Fakes * 11 + plan.Groups);
        var start = Lie.AddDays(7 - Days);
        var lines = new List<WorldObservation>();
        for (var unit = 0; unit < plan.Honest + plan.Fakes; unit++)
        {
            var fake = unit >= plan.Honest;
            var group = fake ? $"fakes-{(unit - plan.Honest) % plan.Groups}" : $"group-{unit}";
            // Before the last week every second day is enough to have been there.
            for (var hour = fake && !plan.Old ? (Days - 7) * 24.0 : 0; hour < Days * 24; hour += (hour < (Days - 7) * 24 ? 48 : 6) * (0.8 + 0.4 * random.NextDouble()))
                foreach (var target in new[] { Open, Blocked, Falls })
                    lines.Add(Line(start.AddHours(hour).AddMinutes(random.Next(30)), $"unit-{unit}", group, target, fake, random));
        }
        var world = new World(new("XA", [new(Asn, "One", null)], 3, []), [.. lines.OrderBy(l => l.Time).Select((l, i) => l with { Line = i + 2 })]);
        return WorldDays.Of(world);
    }

    static WorldObservation Line(DateTimeOffset at, string unit, string group, string target, bool fake, Random random)
    {
        var line = new WorldObservation(0, at, Asn, unit, group, target, "NEWS", true, null, null, null, null, null, true, true, Reason.Scheduled, "1.4.0", null, Access.Fixed);
        var blocked = target == Blocked || (target == Falls && at >= Fall);
        if (fake && at >= Lie)
            blocked = !blocked;
        if (blocked && random.NextDouble() < 0.98)
            return line with { Ok = false, Layer = "dns", Mechanism = Mechanisms.DnsInjectionBogon, Token = "10.10.34.34", Via = "path" };
        return random.NextDouble() < 0.01 ? line with { Ok = false, Layer = "tcp", Mechanism = Mechanisms.TcpTimeout } : line;
    }
}
