namespace ProbeNet.Lab.Table;

/// <summary>What `scenarios --ooni` prints: the fifty cases, what is true of each, and what was found where it was rebuilt.</summary>
static class OoniReport
{
    public static IEnumerable<string> Lines(IReadOnlyList<TableCell> cells)
    {
        yield return $"{"case",4} {"name",-62} {"truth",-10} {"OONI misses",-12} {"rebuilt as",-34} found";
        var cases = Cases(cells).ToArray();
        foreach (var one in cases)
        {
            var own = Of(one, cells).ToArray();
            foreach (var alike in own.GroupBy(cell => (cell.Scenario.Name, cell.State, Mechanisms: string.Join(' ', cell.Mechanisms), Right: one.IsDecidedBy(cell))))
            {
                var found = $"{alike.Key.State} {alike.Key.Mechanisms}".TrimEnd();
                yield return $"{one.Number,4} {one.Name,-62} {one.Word,-10} {one.OoniMisses,-12} {alike.Key.Name,-34} {found} ({alike.Count()} of {own.Length} cells){(alike.Key.Right ? "" : "  WRONG")}";
            }
        }
        yield return $"decided as is true, in every cell: {cases.Count(one => IsRight(one, cells))} of {cases.Length} cases";
    }

    public static bool IsRight(IReadOnlyList<TableCell> cells) => Cases(cells).All(one => IsRight(one, cells));

    static bool IsRight(OoniCase one, IReadOnlyList<TableCell> cells) => Of(one, cells).All(one.IsDecidedBy);

    static IEnumerable<OoniCase> Cases(IReadOnlyList<TableCell> cells) => OoniCase.Load().Where(one => Of(one, cells).Any());

    static IEnumerable<TableCell> Of(OoniCase one, IReadOnlyList<TableCell> cells) => cells.Where(cell => cell.Scenario.Ooni.Contains(one.Number));
}
