using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Analysis.Cells;

/// <summary>
/// Days of a target at a provider on which enough volunteers looked to be published. Cells that everybody sees are made of such days alone:
/// else two windows, of which one has a day more, would tell what few saw on that day.
/// </summary>
static class PublishedDays
{
    /// <param name="minimumUnits">0 leaves nothing out.</param>
    public static IReadOnlyList<UnitDay> Of(IReadOnlyList<UnitDay> days, int minimumUnits) => minimumUnits == 0 ? days
        :
        [
            .. days.GroupBy(d => (d.Target, d.Asn, d.Day))
                .Where(day => day.Where(SaysAnything).Select(d => d.Unit).Distinct().Count() >= minimumUnits).SelectMany(day => day),
        ];

    // The store asks the same in SQL.
    static bool SaysAnything(UnitDay day) => day.Scored > 0 || day.Sights.Any(s => s is { Reason: Reason.Scheduled, Outcome: Outcome.Down });
}
