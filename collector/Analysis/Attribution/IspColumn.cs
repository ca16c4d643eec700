using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Analysis.Attribution;

/// <summary>One provider: how it blocks and where. Every group of volunteers weighs the same in a cell, however often it looked.</summary>
sealed class IspColumn
{
    // Places that two targets or two homes show; a lone one may be an error of the test.
    const int FewestPlaces = 2;
    const double PlaceShare = 0.6;

    readonly IReadOnlyList<BlockedCell> _cells;
    readonly SortedDictionary<string, double> _profile = new(StringComparer.Ordinal);
    readonly SortedDictionary<long, int> _places = [];
    readonly double _inPath, _answers;

    public IspColumn(long asn, IReadOnlyList<BlockedCell> cells) : this(asn, cells, null)
    {
    }

    IspColumn(long asn, IReadOnlyList<BlockedCell> cells, UnitTag? left)
    {
        (Asn, _cells) = (asn, cells);
        foreach (var cell in cells)
        {
            BlockTraces[] seen = [.. cell.Groups.Where(g => g.Group != left).Select(g => g.Traces)];
            if (seen.Length == 0)
                continue;
            Blocked++;
            foreach (var traces in seen)
            {
                double weight = 1.0 / seen.Length / traces.Sights;
                foreach (var (mark, count) in traces.Marks)
                    _profile[mark] = _profile.GetValueOrDefault(mark) + weight * count;
                foreach (var (place, count) in traces.Places)
                    _places[place] = _places.GetValueOrDefault(place) + count;
                _answers += weight * traces.Answers;
                _inPath += weight * traces.InPath;
            }
        }
        foreach (var mark in _profile.Keys.ToArray())
            _profile[mark] /= Blocked;
    }

    public long Asn { get; }

    /// <summary>Blocked targets.</summary>
    public int Blocked { get; }

    /// <summary>Marks of its blocking and their shares; empty where nothing is blocked.</summary>
    public IReadOnlyDictionary<string, double> Profile => _profile;

    /// <summary>The network that most of its located blocking is in; null where it is not located or inconsistent.</summary>
    public long? Place
    {
        get
        {
            var total = _places.Values.Sum();
            var (place, count) = _places.OrderByDescending(p => p.Value).FirstOrDefault();
            return total >= FewestPlaces && count >= PlaceShare * total ? place : null;
        }
    }

    /// <summary>DNS answers are false in the path and not at the provider's resolver; null without DNS blocking.</summary>
    public bool? InPath => _answers < 1 ? null : _inPath >= _answers / 2;

    /// <summary>Groups of volunteers who saw it.</summary>
    public IEnumerable<UnitTag> Groups => _cells.SelectMany(c => c.Groups).Select(g => g.Group).Distinct();

    /// <summary>The same provider as the other groups saw it.</summary>
    public IspColumn Without(UnitTag group) => _cells.Any(c => c.Groups.Any(g => g.Group == group)) ? new(Asn, _cells, group) : this;
}
