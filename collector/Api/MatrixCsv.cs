using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Exchange;

namespace ProbeNet.Collector.Api;

/// <summary>Cells as rows, with all that a row needs to stand alone.</summary>
static class MatrixCsv
{
    public static readonly Table<MatrixRow> Table = new(
        ("as_of", ColumnType.Time, row => row.Matrix.AsOf), ("cc", ColumnType.Text, row => row.Matrix.Cc), ("since", ColumnType.Time, row => row.Matrix.Since), ("until", ColumnType.Time, row => row.Matrix.Until),
        ("domain", ColumnType.Text, row => row.Cell.Domain), ("input", ColumnType.Text, row => row.Target.Input), ("category_code", ColumnType.Text, row => row.Target.CategoryCode),
        ("asn", ColumnType.Whole, row => row.Cell.Asn), ("isp", ColumnType.Text, row => row.Isp), ("state", ColumnType.Text, row => row.Cell.State.Word()), ("reason", ColumnType.Text, row => row.Cell.Reason),
        ("mechanisms", ColumnType.Texts, row => row.Cell.Mechanisms), ("via", ColumnType.Text, row => row.Cell.Via), ("locus", ColumnType.Text, row => row.Cell.Locus), ("hop_asn", ColumnType.Whole, row => row.Cell.HopAsn),
        ("units", ColumnType.Count, row => row.Cell.Units.Value), ("groups", ColumnType.Count, row => row.Cell.Groups.Value), ("runs", ColumnType.Count, row => row.Cell.Runs.Value), ("interference_runs", ColumnType.Count, row => row.Cell.InterferenceRuns.Value),
        ("interval_low", ColumnType.Number, row => row.Cell.Interval?[0]), ("interval_high", ColumnType.Number, row => row.Cell.Interval?[1]), ("posterior", ColumnType.Number, row => row.Cell.Posterior),
        ("since_earliest", ColumnType.Time, row => row.Cell.Since?[0]), ("since_latest", ColumnType.Time, row => row.Cell.Since?[1]), ("changed", ColumnType.Truth, row => row.Cell.Changed),
        ("access", ColumnType.Text, row => row.Cell.Access), ("witness", ColumnType.Text, row => row.Cell.Witness), ("licence", ColumnType.Text, row => row.Matrix.Licence));

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
