using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.TestLists;

/// <summary>The list in force, ready for use. Never changes: a newer list is a new snapshot.</summary>
sealed class TestListSnapshot
{
    readonly Dictionary<string, ListEntry> _entries = new(StringComparer.Ordinal);

    public TestListSnapshot(TestList list)
    {
        List = list;
        Prefixes = new(list.Prefixes);
        foreach (var entry in list.Entries)
            _entries.TryAdd(entry.Input, entry);
        // The table stands above in a fifth of the memory.
        list.Prefixes.Clear();
    }

    /// <summary>Without its prefixes.</summary>
    public TestList List { get; }

    public string Name => List.Name;

    public ulong Version => List.Version;

    public PrefixTable Prefixes { get; }

    /// <returns>Null when the input is not on the list: then nobody may have it measured.</returns>
    public ListEntry? Find(string input) => _entries.GetValueOrDefault(input);
}
