using System.Text;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Analysis.Worlds;

/// <summary>The unit days of a world: what the store has of measurements, from a file.</summary>
static class WorldDays
{
    public static IReadOnlyList<UnitDay> Of(World world)
    {
        var first = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var seen in world.Observations)
            first.TryAdd(seen.Unit, seen.Time);
        var tags = new Dictionary<string, UnitTag>(StringComparer.Ordinal);
        return
        [
            .. world.Observations
                .GroupBy(o => (o.Domain, o.Asn, o.Unit, Day: DateOnly.FromDateTime(o.Time.UtcDateTime)))
                .Select(g => Day(world.Header, [.. g]))
                .OrderBy(d => d.Target, StringComparer.Ordinal).ThenBy(d => d.Asn).ThenBy(d => d.Day).ThenBy(d => d.Unit),
        ];

        UnitTag Tag(string text)
        {
            if (!tags.TryGetValue(text, out var tag))
                tags[text] = tag = new(Encoding.UTF8.GetBytes(text));
            return tag;
        }

        UnitDay Day(WorldHeader header, WorldObservation[] seen)
        {
            var last = seen[^1];
            Sight[] sights = [.. seen.Select(o => SightOf(header, o))];
            return new()
            {
                Day = DateOnly.FromDateTime(last.Time.UtcDateTime),
                Cc = header.Cc,
                Asn = last.Asn,
                Host = last.Domain,
                Target = last.Domain,
                Unit = Tag(last.Unit),
                Group = Tag(last.Group),
                AsnSource = AsnSource.Bound,
                Access = last.Access,
                Established = last.Time - first[last.Unit] >= TimeSpan.FromDays(ProbeNet.Protos.Identifiers.Day.PerEpoch),
                Sights = sights,
                Witness = WitnessOf(seen[Array.IndexOf(sights, sights.MinBy(s => s.Outcome))].Line),
            };
        }
    }

    /// <summary>The line's number, written as an identifier.</summary>
    public static Guid WitnessOf(int line) => new(0, 0, 0, 0, 0, 0, 0, (byte)(line >> 24), (byte)(line >> 16), (byte)(line >> 8), (byte)line);

    static Sight SightOf(WorldHeader header, WorldObservation seen) =>
        Sight.Of(seen.Time, 0, seen.Reason, WorldFindings.Of(seen, header.Controls)) with { AgentVersion = seen.AgentVersion };
}
