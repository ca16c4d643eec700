using ProbeNet.Collector.Observations;

namespace ProbeNet.Collector.Analysis.Reanalysis;

/// <summary>Wrong answers and pages that names left on some days, and which of them names of two owners share.</summary>
sealed class StrayMarks
{
    static readonly IReadOnlySet<string> None = new HashSet<string>();

    readonly Dictionary<(string Cc, DateOnly Day, string Host), HashSet<string>> _marks = [];
    readonly Dictionary<(string Cc, DateOnly Day), ILookup<string, string>> _owners;

    public StrayMarks(IEnumerable<(string Cc, DateOnly Day, string Host, string Mark)> marks)
    {
        foreach (var day in marks.GroupBy(m => (m.Cc, m.Day, m.Host)))
            _marks[day.Key] = day.Select(m => m.Mark).ToHashSet(StringComparer.Ordinal);
        _owners = _marks.GroupBy(m => (m.Key.Cc, m.Key.Day))
            .ToDictionary(day => day.Key, day => day.SelectMany(m => m.Value.Select(mark => (mark, Owner: HostName.Registrable(m.Key.Host)))).Distinct()
                .ToLookup(m => m.mark, m => m.Owner, StringComparer.Ordinal));
    }

    public IReadOnlySet<string> Of((string Cc, DateOnly Day, string Host) key) => _marks.GetValueOrDefault(key) ?? None;

    /// <summary>All marks of the day that names of other owners left.</summary>
    public IReadOnlySet<string> SharedBy((string Cc, DateOnly Day, string Host) key)
    {
        if (!_owners.TryGetValue((key.Cc, key.Day), out var owners))
            return None;
        var own = HostName.Registrable(key.Host);
        return owners.Where(mark => mark.Any(owner => owner != own)).Select(mark => mark.Key).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Those of the marks that names of other owners left as well.</summary>
    public IReadOnlySet<string> Shared((string Cc, DateOnly Day, string Host) key, IReadOnlyCollection<string> marks)
    {
        if (marks.Count == 0 || !_owners.TryGetValue((key.Cc, key.Day), out var owners))
            return None;
        var own = HostName.Registrable(key.Host);
        return marks.Where(mark => owners[mark].Any(owner => owner != own)).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>The same, with other marks in the place of those of some names' days.</summary>
    public StrayMarks With(IEnumerable<KeyValuePair<(string Cc, DateOnly Day, string Host), IReadOnlyCollection<string>>> days)
    {
        var after = _marks.ToDictionary(m => m.Key, IReadOnlyCollection<string> (m) => m.Value);
        foreach (var (key, marks) in days)
            after[key] = marks;
        return new(after.SelectMany(m => m.Value.Select(mark => (m.Key.Cc, m.Key.Day, m.Key.Host, mark))));
    }
}
