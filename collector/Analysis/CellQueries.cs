using Npgsql;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Observations;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Analysis;

/// <summary>Cells for those who ask: from the table where it holds the window, from unit days, summed up, where it does not.</summary>
sealed class CellQueries(NpgsqlDataSource source, CellTable table, UnitDays unitDays, ListTargets lists, ControlDays controls, CellRules rules, TimeProvider time)
{
    /// <summary>The whole matrix. Cells that nobody measured are there as insufficient.</summary>
    /// <param name="minimumUnits">Days of a target at a provider with fewer volunteers are left out; 0 leaves nothing out.</param>
    public async Task<Matrix> MatrixAsync(string cc, CellWindow window, int minimumUnits, CancellationToken ct)
    {
        var isps = await lists.IspsAsync(cc, null, window, ct);
        var listed = await lists.OfAsync(cc, ct);
        var (computed, cells) = (minimumUnits == 0 ? await table.ReadAsync(cc, window, ct) : null) ?? (time.GetUtcNow(), await OfAsync(cc, window, minimumUnits, ct));
        return MatrixGrid.Of(cc, window, computed, isps, listed, cells);
    }

    /// <summary>Null where neither a list nor a measurement knows the target, or nothing was ever measured from the ISP.</summary>
    /// <param name="target">A target's name; an input of the list is understood as its target.</param>
    /// <param name="minimumUnits">As for the matrix.</param>
    public async Task<CellExplanation?> ExplainAsync(string cc, string target, long asn, CellWindow window, int minimumUnits, CancellationToken ct)
    {
        var entry = await lists.FindAsync(cc, target, ct);
        var name = entry?.Target ?? target;
        var isps = await lists.IspsAsync(cc, asn, window, ct);
        // As in the matrix: a target stands there when days of any provider say something of it, and what is ordinary for it is learnt from all of them.
        var everywhere = PublishedDays.Of(await unitDays.OfTargetAsync(cc, name, window, ct), minimumUnits);
        if (isps.Count == 0 || (everywhere.Count == 0 && entry is null))
            return null;
        var days = CellSet.Ordered(everywhere.Where(d => d.Asn == asn));
        var verdict = days.Count == 0 ? CellJudge.Unmeasured(cc, name, asn, isps[0].Measured) : CellSet.Judge(everywhere, rules).First(v => v.Cell.Asn == asn);
        var host = everywhere.Count > 0 ? everywhere[0].Host : HostOf(name);
        return Explanations.Of(verdict, window, days, await controls.OfAsync(host, window, ct));
    }

    async Task<IReadOnlyList<Cell>> OfAsync(string cc, CellWindow window, int minimumUnits, CancellationToken ct) =>
        CellSet.Of(await WindowDays.ReadAsync(source, cc, window, null, minimumUnits, ct), rules);

    static string HostOf(string target) => Uri.TryCreate(target, UriKind.Absolute, out var url) ? HostName.Of(url) : target;
}
