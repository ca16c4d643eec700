using ProbeNet.Protos;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Fleet.Lists;

/// <summary>What is wrong or doubtful with the entries themselves, as their text alone tells.</summary>
static class ListHygiene
{
    static readonly string[] Documents = [".pdf", ".doc", ".docx", ".zip", ".gz", ".apk", ".exe", ".dmg", ".mp4", ".mp3", ".iso"];

    public static IEnumerable<ListFinding> Of(ListDraft draft) =>
        Sites(draft.List).Concat(draft.List.Entries.SelectMany((entry, position) => OfEntry(entry, draft.OriginOf(position)))).Concat(OfCategories(draft.List));

    static IEnumerable<ListFinding> Sites(TestList list)
    {
        foreach (var site in list.Entries.GroupBy(entry => SiteKey.Of(entry.Input)).Where(site => site.Count() > 1))
        {
            yield return new(ListFindingKind.SiteTwice, site.Key, string.Join(' ', site.Select(entry => entry.Input)));
            if (site.DistinctBy(entry => entry.CategoryCode).Count() > 1)
                yield return new(ListFindingKind.CategoryConflict, site.Key, string.Join(' ', site.Select(entry => $"{entry.Input} {entry.CategoryCode}")));
        }
    }

    static IEnumerable<ListFinding> OfEntry(ListEntry entry, EntryOrigin origin)
    {
        var input = new Uri(entry.Input);
        if (Platforms.HoldsPage(input))
            yield return new(ListFindingKind.PlatformPage, entry.Input, $"cannot be told from {SiteKey.Of(input)} as a whole");
        else if (input.Scheme == "https" && input.PathAndQuery.Length > 1)
            yield return new(ListFindingKind.DeepLink, entry.Input, $"a filter sees {input.IdnHost} alone");
        if (Documents.Any(ending => input.AbsolutePath.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
            yield return new(ListFindingKind.Document, entry.Input, "a file, not a page: it costs volunteers more");
        if (input.Fragment.Length > 0)
            yield return new(ListFindingKind.Fragment, entry.Input, "what follows # is never sent");
        if (origin.Notes.Length > 0 && string.IsNullOrWhiteSpace(origin.Notes))
            yield return new(ListFindingKind.BlankNote, entry.Input, "its note is blank");
        if (input.Port is not (80 or 443))
            yield return new(ListFindingKind.Port, entry.Input, "agents use ports 80 and 443 only");
        if (input.HostNameType != UriHostNameType.Dns)
            yield return new(ListFindingKind.Address, entry.Input, "an address instead of a name shows nothing of name resolution");
    }

    static IEnumerable<ListFinding> OfCategories(TestList list)
    {
        foreach (var category in list.Entries.GroupBy(entry => entry.CategoryCode).OrderBy(category => category.Key, StringComparer.Ordinal))
        {
            if (!Categories.IsKnown(category.Key))
                yield return new(ListFindingKind.UnknownCategory, category.Key, $"{category.Count()} entries that only who names this category measures");
            else if (Categories.RiskOf(category.Key) == CategoryRisk.High)
                yield return new(ListFindingKind.RiskyCategory, category.Key, $"{category.Count()} entries of high risk to whoever opens them; measured only by volunteers who chose the category");
        }
    }
}
