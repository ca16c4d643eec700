using ProbeNet.Protos;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Fleet.Lists;

/// <param name="What">"category NEWS → HUMR", several separated by commas; for an input in other clothes: what it was before.</param>
sealed record ListChange(string Input, string CategoryCode, string What);

/// <summary>What a release would change against the version before it.</summary>
/// <param name="Settings">What is not an entry: references, resolvers, licence and the like.</param>
/// <param name="OptIns">Categories of more than ordinary risk that come with it.</param>
sealed record ListDiff(
    ulong Against, IReadOnlyList<ListChange> Added, IReadOnlyList<ListChange> Removed, IReadOnlyList<ListChange> Changed, IReadOnlyList<string> Settings,
    IReadOnlyList<string> OptIns, int Entries)
{
    /// <param name="before">Null: nothing was released yet.</param>
    public static ListDiff Of(TestList? before, TestList after)
    {
        var old = (before?.Entries ?? []).ToDictionary(entry => entry.Input, StringComparer.Ordinal);
        var now = after.Entries.ToDictionary(entry => entry.Input, StringComparer.Ordinal);
        var added = after.Entries.Where(entry => !old.ContainsKey(entry.Input)).ToList();
        var removed = old.Values.Where(entry => !now.ContainsKey(entry.Input)).ToList();
        // The same site that only changed its scheme, www. or path is no new site to anybody.
        var gone = removed.ToLookup(entry => SiteKey.Of(entry.Input), entry => entry.Input);
        var come = added.ToLookup(entry => SiteKey.Of(entry.Input), entry => entry.Input);
        return new(
            before?.Version ?? 0,
            [.. added.Select(entry => Line(entry, Instead("instead of", gone[SiteKey.Of(entry.Input)])))],
            [.. removed.Select(entry => Line(entry, Instead("now", come[SiteKey.Of(entry.Input)])))],
            [.. after.Entries.Where(entry => old.ContainsKey(entry.Input)).Select(entry => Line(entry, Change(old[entry.Input], entry))).Where(line => line.What.Length > 0)],
            [.. SettingsOf(before ?? new(), after)],
            [.. Risky(after).Except(Risky(before ?? new()))],
            after.Entries.Count);
    }

    static ListChange Line(ListEntry entry, string what) => new(entry.Input, entry.CategoryCode, what);

    static string Instead(string how, IEnumerable<string> others) => others.Any() ? $"{how} {string.Join(' ', others)}" : "";

    static string Change(ListEntry was, ListEntry now) => string.Join(", ", new[]
    {
        Step("category", was.CategoryCode, now.CategoryCode),
        Step("priority", Word(was.Priority), Word(now.Priority)),
        Step("page", Word(was.Page), Word(now.Page)),
        Step("cadence", Hours(was.CadenceHours), Hours(now.CadenceHours)),
    }.Where(step => step.Length > 0));

    static IEnumerable<string> SettingsOf(TestList was, TestList now) => new[]
    {
        Step("country", was.Cc, now.Cc),
        Step("licence", was.Licence, now.Licence),
        Step("attribution", was.Attribution, now.Attribution),
        Count("references", was.References, now.References),
        Count("resolvers", was.Resolvers, now.Resolvers),
        Count("addresses without a resolver", was.NonResolvers, now.NonResolvers),
        Count("who-am-I names", was.WhoamiNames, now.WhoamiNames),
        Count("prefixes", was.Prefixes, now.Prefixes),
        Count("blockpages", was.Blockpages, now.Blockpages),
    }.Where(step => step.Length > 0);

    static IEnumerable<string> Risky(TestList list) =>
        list.Entries.Select(entry => entry.CategoryCode).Distinct().Where(code => Categories.RiskOf(code) != CategoryRisk.Ordinary).Order(StringComparer.Ordinal);

    static string Step(string name, string was, string now) => was == now ? "" : $"{name} {(was.Length == 0 ? "none" : was)} → {(now.Length == 0 ? "none" : now)}";

    static string Count<T>(string name, IReadOnlyCollection<T> was, IReadOnlyCollection<T> now) =>
        was.SequenceEqual(now) ? "" : $"{name} {was.Count} → {now.Count}{(was.Count == now.Count ? ", others" : "")}";

    static string Word(bool value) => value ? "yes" : "no";

    static string Hours(uint hours) => hours == 0 ? "" : $"{hours} h";
}
