using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Fleet.Lists;

/// <summary>What an operator should know before a list goes out.</summary>
static class ListCheck
{
    const int PrioritiesAtMost = 60;
    const int EntriesAtMost = 10_000;

    public static IEnumerable<string> Of(TestList list)
    {
        if (list.Entries.Count == 0)
            yield return "The list has no entries.";
        if (list.Entries.Count > EntriesAtMost)
            yield return $"{list.Entries.Count} entries: an agent starts one a minute and never gets through more than {EntriesAtMost}.";
        var priorities = list.Entries.Count(entry => entry.Priority);
        if (priorities > PrioritiesAtMost)
            yield return $"{priorities} entries are marked priority; {PrioritiesAtMost} at most are measured every hour.";
        foreach (var port in list.Entries.Where(entry => new Uri(entry.Input).Port is not (80 or 443)))
            yield return $"{port.Input}: agents use ports 80 and 443 only.";
        foreach (var address in list.Entries.Where(entry => new Uri(entry.Input).HostNameType != UriHostNameType.Dns))
            yield return $"{address.Input}: an address instead of a name shows nothing of name resolution.";
        if (list.References.Count is > 0 and < 50)
            yield return $"{list.References.Count} references: with fewer than fifty an agent can be recognised by them.";
        if (list.Prefixes.Count == 0)
            yield return "No prefix table: without --cc and Collector__AsnTable an agent behind a proxy does not know its network.";
    }

    /// <summary>What a release would change: added, removed, altered inputs.</summary>
    public static (IReadOnlyList<string> Added, IReadOnlyList<string> Removed, IReadOnlyList<string> Changed) Diff(TestList? before, TestList after)
    {
        var old = (before?.Entries ?? []).ToDictionary(entry => entry.Input, StringComparer.Ordinal);
        var now = after.Entries.ToDictionary(entry => entry.Input, StringComparer.Ordinal);
        return (
            [.. after.Entries.Select(entry => entry.Input).Where(input => !old.ContainsKey(input))],
            [.. old.Keys.Where(input => !now.ContainsKey(input))],
            [.. after.Entries.Where(entry => old.TryGetValue(entry.Input, out var was) && !was.Equals(entry)).Select(entry => entry.Input)]);
    }
}
