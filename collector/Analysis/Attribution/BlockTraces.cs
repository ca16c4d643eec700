using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Findings;

namespace ProbeNet.Collector.Analysis.Attribution;

/// <summary>What the volunteers of one group saw of one blocked target at one provider.</summary>
sealed class BlockTraces
{
    readonly SortedDictionary<string, int> _marks = new(StringComparer.Ordinal);
    readonly SortedDictionary<long, int> _places = [];

    /// <param name="interference">At least one; sights that show interference.</param>
    public BlockTraces(IEnumerable<Sight> interference)
    {
        foreach (var sight in interference)
        {
            Sights++;
            var mark = BlockMark.Of(sight);
            _marks[mark] = _marks.GetValueOrDefault(mark) + 1;
            if (sight.HopAsn is { } place)
                _places[place] = _places.GetValueOrDefault(place) + 1;
            if (sight.Mechanisms is not [var strongest, ..] || !strongest.Name.StartsWith("dns.", StringComparison.Ordinal))
                continue;
            Answers++;
            InPath += strongest.Via == Vias.Path ? 1 : 0;
        }
    }

    public int Sights { get; }

    /// <summary>How often each mark (<see cref="BlockMark"/>) was seen.</summary>
    public IReadOnlyDictionary<string, int> Marks => _marks;

    /// <summary>How often the interference was located in each network.</summary>
    public IReadOnlyDictionary<long, int> Places => _places;

    /// <summary>False DNS answers among the sights.</summary>
    public int Answers { get; }

    /// <summary>Of these, given in the path and not by a resolver.</summary>
    public int InPath { get; }
}

/// <summary>A target that is blocked at a provider, as each group of volunteers saw it.</summary>
sealed record BlockedCell(IReadOnlyList<(UnitTag Group, BlockTraces Traces)> Groups)
{
    public static BlockedCell Of(IEnumerable<(UnitTag Group, Sight Sight)> interference) =>
        new([.. interference.GroupBy(s => s.Group).OrderBy(g => g.Key).Select(g => (g.Key, new BlockTraces(g.Select(s => s.Sight))))]);
}
