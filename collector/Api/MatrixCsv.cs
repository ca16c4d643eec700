using System.Globalization;
using System.Text;
using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Api;

/// <summary>Cells as rows: RFC 4180, one header line, UTC.</summary>
static class MatrixCsv
{
    static readonly string[] Columns =
    [
        "as_of", "cc", "since", "until", "domain", "input", "category_code", "asn", "isp", "state", "reason", "mechanisms", "via", "locus", "hop_asn",
        "units", "groups", "runs", "interference_runs", "interval_low", "interval_high", "posterior", "since_earliest", "since_latest", "changed",
        "access", "witness", "licence",
    ];

    public static string Write(MatrixView matrix)
    {
        var names = matrix.Isps.ToDictionary(isp => isp.Asn, isp => isp.Name);
        var targets = matrix.Targets.ToDictionary(target => target.Domain, StringComparer.Ordinal);
        var text = new StringBuilder();
        AppendRow(text, Columns);
        foreach (var cell in matrix.Cells)
            AppendRow(text,
            [
                Json.Utc(matrix.AsOf), matrix.Cc, Json.Utc(matrix.Since), Json.Utc(matrix.Until),
                cell.Domain, targets[cell.Domain].Input, targets[cell.Domain].CategoryCode, Number(cell.Asn), names[cell.Asn],
                cell.State.Word(), cell.Reason, string.Join(';', cell.Mechanisms), cell.Via, cell.Locus, Number(cell.HopAsn),
                cell.Units.ToString(), cell.Groups.ToString(), cell.Runs.ToString(), cell.InterferenceRuns.ToString(),
                Number(cell.Interval?[0]), Number(cell.Interval?[1]), Number(cell.Posterior), Time(cell.Since?[0]), Time(cell.Since?[1]),
                cell.Changed ? "true" : "false", cell.Access, cell.Witness?.ToString(), matrix.Licence,
            ]);
        return text.ToString();
    }

    static string? Number(IFormattable? number) => number?.ToString(null, CultureInfo.InvariantCulture);

    static string? Time(DateTimeOffset? time) => time is { } at ? Json.Utc(at) : null;

    static void AppendRow(StringBuilder text, IEnumerable<string?> fields) => text.AppendJoin(',', fields.Select(Field)).Append("\r\n");

    static string Field(string? value)
    {
        value ??= "";
        // A table program takes these for a formula; names and inputs come from outside.
        if (value.Length > 0 && value[0] is '=' or '+' or '-' or '@' or '\t' or '\r')
            value = "'" + value;
        return value.AsSpan().IndexOfAny(",\"\r\n") < 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
