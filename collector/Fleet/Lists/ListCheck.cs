using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Fleet.Lists;

/// <summary>What an operator should know before a list goes out.</summary>
static class ListCheck
{
    const int PrioritiesAtMost = 60;
    const int EntriesAtMost = 10_000;
    const int HoursOfADay = 24;

    /// <param name="controls">What controls saw of the list's hosts lately.</param>
    public static IEnumerable<ListFinding> Of(ListDraft draft, ControlSights controls) =>
        OfWhole(draft.List).Concat(ListHygiene.Of(draft)).Concat(controls.Of(draft.List));

    static IEnumerable<ListFinding> OfWhole(TestList list)
    {
        if (list.Entries.Count == 0)
            yield return Whole(ListFindingKind.Empty, "the list has no entries");
        if (list.Entries.Count > EntriesAtMost)
            yield return Whole(ListFindingKind.TooLong, $"{list.Entries.Count} entries: an agent starts one a minute and never gets through more than {EntriesAtMost}");
        var priorities = list.Entries.Count(entry => entry.Priority);
        if (priorities > PrioritiesAtMost)
            yield return Whole(ListFindingKind.Priorities, $"{priorities} entries are marked priority; {PrioritiesAtMost} at most are measured every hour");
        var often = list.Entries.Count(entry => entry.CadenceHours is > 0 and < HoursOfADay);
        if (often > 0)
            yield return Whole(ListFindingKind.Cadences, $"{often} entries ask for less than a day between runs: only priority ones get it");
        if (list.References.Count is > 0 and < 50)
            yield return Whole(ListFindingKind.References, $"{list.References.Count} references: with fewer than fifty an agent can be recognised by them");
        if (list.Prefixes.Count == 0)
            yield return Whole(ListFindingKind.Prefixes, "no prefix table: without --cc and Collector__AsnTable an agent behind a proxy does not know its network");
        if (list.Licence.Length == 0 || list.Attribution.Length == 0)
            yield return Whole(ListFindingKind.Licence, "neither pages nor exports can say whose list it is and under which licence: import it with --attribution and --licence");
    }

    static ListFinding Whole(ListFindingKind kind, string detail) => new(kind, "", detail);
}
