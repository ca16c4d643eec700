using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Fleet.Lists;

/// <summary>A list with what its files say beside it.</summary>
/// <param name="List">As it is signed, without version.</param>
/// <param name="Origins">One for each entry, in the same order; none for lists that were imported before this was kept.</param>
sealed record ListDraft(TestList List, EntryOrigins Origins)
{
    public EntryOrigin OriginOf(int position) => position < Origins.Entries.Count ? Origins.Entries[position] : new();
}
