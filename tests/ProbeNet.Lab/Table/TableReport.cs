using System.Globalization;

namespace ProbeNet.Lab.Table;

/// <summary>What `scenarios` prints.</summary>
static class TableReport
{
    const double NormalQuantile = 1.96;

    /// <summary>One line a cell; those of other seeds only where they differ from the first.</summary>
    public static IEnumerable<string> Lines(IReadOnlyList<TableCell> cells, FirstResults first)
    {
        yield return $"{"scenario",-34} {"ISP",-6} {"expected",-70} {"found",-70} first";
        foreach (var cell in cells.GroupBy(one => (one.Scenario.Name, one.Isp)))
        {
            foreach (var alike in cell.GroupBy(one => (one.State, Mechanism: one.Mechanisms is [var strongest, ..] ? strongest : "", one.Place)))
            {
                var one = alike.First();
                var truth = one.Scenario.TruthFor(one.Isp);
                var expected = Join(string.Join('|', truth.States), truth.Mechanism, truth.Place);
                var found = Join(one.State, string.Join(' ', one.Mechanisms), one.Place);
                var seeds = cell.Count() > 1 ? string.Create(CultureInfo.InvariantCulture, $" ({alike.Count()} of {cell.Count()} seeds)") : "";
                yield return $"{one.Scenario.Name,-34} {one.Isp,-6} {expected,-70} {found,-70} {first.Of(one.Scenario.Name, one.Isp)}{seeds}{(one.IsRight ? "" : $"  WRONG by {string.Join(", ", one.Fired)}")}";
            }
        }
    }

    /// <summary>Every outcome right, mechanisms in 99 %, places found in 90 % of the cells where they can be and wrong in 1 % at most.</summary>
    public static bool IsGoodEnough(IReadOnlyList<TableCell> cells) => cells.All(one => one.StateIsRight)
        && Share(cells.Where(one => one.HasMechanism), one => one.MechanismIsRight) >= 0.99
        && Share(cells.Where(one => one.CanBePlaced), one => one.PlaceResult == PlaceResult.Found) >= 0.90
        && Share(cells, one => one.PlaceResult != PlaceResult.Wrong) >= 0.99;

    public static IEnumerable<string> Totals(IReadOnlyList<TableCell> cells)
    {
        yield return Count("outcome right", cells.Count(one => one.StateIsRight), cells.Count);
        var named = cells.Where(one => one.HasMechanism).ToArray();
        yield return Count("mechanism right", named.Count(one => one.MechanismIsRight), named.Length);
        var placed = cells.Where(one => one.CanBePlaced).ToArray();
        yield return Count("place found", placed.Count(one => one.PlaceResult == PlaceResult.Found), placed.Length);
        yield return Count("place wrong", cells.Count(one => one.PlaceResult == PlaceResult.Wrong), cells.Count);
        var once = cells.Min(one => one.Sights);
        yield return Count("measured again, as homes disagreed", cells.Count(one => one.Sights > once), cells.Count);
        var cases = cells.Where(one => one.Scenario.Ooni.Length > 0).ToArray();
        yield return Count("cells of OONI's web-connectivity cases right in state and mechanism", cases.Count(one => one.StateIsRight && (!one.HasMechanism || one.MechanismIsRight)), cases.Length)
            + string.Create(CultureInfo.InvariantCulture, $"; {cases.SelectMany(one => one.Scenario.Ooni).Distinct().Count()} of OONI's 50 cases rebuilt");
    }

    static double Share(IEnumerable<TableCell> cells, Func<TableCell, bool> right) => cells.Select(one => right(one) ? 1.0 : 0).DefaultIfEmpty(1).Average();

    /// <summary>With Wilson's interval, 95 %.</summary>
    static string Count(string what, int right, int all)
    {
        if (all == 0)
            return $"{what}: 0 of 0";
        const double z = NormalQuantile;
        var (share, n) = ((double)right / all, (double)all);
        var middle = (share + z * z / (2 * n)) / (1 + z * z / n);
        var half = z / (1 + z * z / n) * Math.Sqrt(share * (1 - share) / n + z * z / (4 * n * n));
        return string.Create(CultureInfo.InvariantCulture, $"{what}: {right} of {all} ({share:P1}; 95 %: {Math.Max(0, middle - half):P1} to {Math.Min(1, middle + half):P1})");
    }

    static string Join(string state, string? mechanism, string? place) => string.Join(", ", new[] { state, mechanism, place }.Where(part => !string.IsNullOrEmpty(part)));
}
