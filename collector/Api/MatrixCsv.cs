using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Exchange;

namespace ProbeNet.Collector.Api;

/// <summary>Cells as rows, with all that a row needs to stand alone.</summary>
static class MatrixCsv
{
    public static readonly Table<MatrixRow> Table = new(
        ("as_of", row => row.Matrix.AsOf), ("cc", row => row.Matrix.Cc), ("since", row => row.Matrix.Since), ("until", row => row.Matrix.Until),
        ("domain", row => row.Cell.Domain), ("input", row => row.Target.Input), ("category_code", row => row.Target.CategoryCode),
        ("asn", row => row.Cell.Asn), ("isp", row => row.Isp), ("state", row => row.Cell.State.Word()), ("reason", row => row.Cell.Reason),
        ("mechanisms", row => row.Cell.Mechanisms), ("via", row => row.Cell.Via), ("locus", row => row.Cell.Locus), ("hop_asn", row => row.Cell.HopAsn),
        ("units", row => row.Cell.Units.Value), ("groups", row => row.Cell.Groups.Value), ("runs", row => row.Cell.Runs.Value), ("interference_runs", row => row.Cell.InterferenceRuns.Value),
        ("interval_low", row => row.Cell.Interval?[0]), ("interval_high", row => row.Cell.Interval?[1]), ("posterior", row => row.Cell.Posterior),
        ("since_earliest", row => row.Cell.Since?[0]), ("since_latest", row => row.Cell.Since?[1]), ("changed", row => row.Cell.Changed),
        ("access", row => row.Cell.Access), ("witness", row => row.Cell.Witness), ("licence", row => row.Matrix.Licence));

    public static string Write(MatrixView matrix)
    {
        using var text = new StringWriter();
        Table.WriteCsv(text, Rows(matrix));
        return text.ToString();
    }

    public static IEnumerable<MatrixRow> Rows(MatrixView matrix)
    {
        var names = matrix.Isps.ToDictionary(isp => isp.Asn, isp => isp.Name);
        var targets = matrix.Targets.ToDictionary(target => target.Domain, StringComparer.Ordinal);
        return matrix.Cells.Select(cell => new MatrixRow(matrix, cell, targets[cell.Domain], names[cell.Asn]));
    }
}

sealed record MatrixRow(MatrixView Matrix, CellView Cell, TargetView Target, string? Isp);
