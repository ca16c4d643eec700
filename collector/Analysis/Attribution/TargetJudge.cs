using System.Globalization;
using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Analysis.Attribution;

/// <summary>
/// Compares the providers that block one target. It may show one device or sink ("alike"), tools of their own ("different"), or that
/// most began together in ways that tell neither ("coordinated"). Who decides needs many targets.
/// </summary>
static class TargetJudge
{
    const int FewestIsps = 3;

    // Odds that onsets within hours of each other are no coincidence; those within days are what an order's way down the offices explains too.
    static readonly double Together = Math.Log(19);

    /// <returns>Targets that are blocked at one provider at least, in the order of the table.</returns>
    public static IReadOnlyList<TargetVerdict> Of(BlockTable table, IReadOnlyList<CellVerdict> verdicts)
    {
        var cells = verdicts.ToLookup(v => v.Cell.Target, StringComparer.Ordinal);
        return
        [
            .. Enumerable.Range(0, table.Targets.Count).Select(d => (Target: d, Columns: table.ColumnsOf(d))).Where(t => t.Columns.Count > 0).Select(t => Judge(
                table.Targets[t.Target], Enumerable.Range(0, table.Isps.Count).Count(i => table[t.Target, i] is not null), t.Columns,
                OnsetAgreement.Of(cells[table.Targets[t.Target]], table))),
        ];
    }

    /// <param name="compared">Providers where enough volunteers looked.</param>
    /// <param name="blocking">Of them those that block it, each with this target alone.</param>
    public static TargetVerdict Judge(string target, int compared, IReadOnlyList<IspColumn> blocking, OnsetAgreement onsets)
    {
        TargetVerdict Say(string word, string text) => new(target, word, compared, blocking.Count, text);
        var counted = Text($"Blocked at {blocking.Count} of {compared} compared providers");
        if (blocking.Count < FewestIsps)
            return Say(Organisations.Insufficient, $"{counted}; {FewestIsps} that block it are needed to compare how.");
        var (mechanism, place) = (MechanismAgreement.Of(blocking), PlaceAgreement.Of(blocking));
        var most = Math.Max(FewestIsps, (2 * blocking.Count + 2) / 3);
        if (mechanism.Sharing >= most)
            return Say(Organisations.Alike, Text($"{counted}; {mechanism.Sharing} show the same rare mark: {mechanism.Shared[0].Mark}."));
        if (place.Common >= FewestIsps && place.Common * 3 >= place.Located * 2)
            return Say(Organisations.Alike, Text($"{counted}; {place.Common} of {place.Located} located ones are filtered in AS{place.CommonAsn}."));
        var ways = Text($"{mechanism.Techniques} dominant ways, {mechanism.Overlap:0.00} in common");
        if (blocking.Count * 3 >= compared * 2 && onsets.Likelihood.Hybrid >= Together)
            return Say(Organisations.Coordinated, Text($"{counted}, which began within {Math.Max(1, Math.Ceiling(onsets.SpreadHours!.Value))} h of each other as far as was watched; {ways}. Whose tools they are this target does not tell."));
        return mechanism.IsSeparate
            ? Say(Organisations.Different, $"{counted}; {ways}: tools of their own. Whether they follow one list needs many targets.")
            : Say(Organisations.Insufficient, $"{counted}; {ways}, all of them so usual that sharing them says nothing.");
    }

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
