using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Analysis.Events;

/// <summary>
/// Every group that looks at a target, by its last sights: one failure makes nobody a witness, and who has not looked again since a block began is not yet one
/// that sees it.
/// </summary>
sealed class Onlookers(double baseline)
{
    // A block that begins while another is wrongly believed in must not be outweighed by all that was seen before.
    const int LastSights = 10;

    // One failure happens to everybody.
    const int FewestSeen = 2;

    // Who has not looked for so long may have left: most of a list is looked at once in a day or two.
    static readonly TimeSpan Present = TimeSpan.FromHours(72);

    readonly Dictionary<UnitTag, Queue<SeriesSight>> _groups = [];

    public void Add(in SeriesSight sight)
    {
        if (!_groups.TryGetValue(sight.Group, out var last))
            _groups[sight.Group] = last = new(LastSights);
        if (last.Count == LastSights)
            last.Dequeue();
        last.Enqueue(sight);
    }

    /// <summary>Those who see it are too few (<see cref="CellTally.IsMinority"/>).</summary>
    /// <param name="began">What was seen before says nothing of it.</param>
    public bool SeeingAreFew(DateTimeOffset began, DateTimeOffset now)
    {
        int seeing = 0, clear = 0;
        foreach (var last in _groups.Values)
        {
            if (now - last.Last().Time > Present)
                continue;
            SeriesSight[] since = [.. last.Where(s => s.Time >= began)];
            var seen = since.Count(s => s.Interference);
            var evidence = Evidence.OfUnit(seen, since.Length, artefact: false, baseline);
            if (seen >= FewestSeen && evidence >= EvidencePool.Strong)
                seeing++;
            // Whose only look failed is neither; with others beside it, one failure is nothing.
            else if (seen < FewestSeen ? !(seen == 1 && since.Length == 1) : evidence <= UnitCase.Clear)
                clear++;
        }
        return CellTally.IsMinority(seeing, clear);
    }
}
