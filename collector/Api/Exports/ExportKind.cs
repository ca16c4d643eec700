using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Exchange;

namespace ProbeNet.Collector.Api.Exports;

/// <summary>What can be exported, by the words of `export`.</summary>
/// <param name="Parameters">Filters that it takes besides since and until.</param>
/// <param name="Formats">Forms that it has.</param>
/// <param name="IsPublishable">There is something in it that everybody may see.</param>
sealed record ExportKind(
    string Name, IReadOnlyList<string> Parameters, IReadOnlyList<ExportFormat> Formats, bool NeedsCountry, bool IsPublishable, Func<ExportRows, Caller, Filter, IDataset> Open)
{
    /// <summary>Rises when a column goes or means something else.</summary>
    public const int SchemaVersion = 1;

    static readonly ExportFormat[] Tabular = [ExportFormat.Csv, ExportFormat.Jsonl, ExportFormat.Parquet];

    public static readonly IReadOnlyList<ExportKind> All =
    [
        new("cells", ["cc", "asn", "domain", "category_code", "mechanism", "state", "min_units"], Tabular, NeedsCountry: true, IsPublishable: true,
            (rows, caller, filter) => Of(MatrixCsv.Table, rows, caller, (window, ct) => rows.CellsAsync(caller, filter, window, filter.AsOf, ct))),
        new("events", ["cc", "asn", "domain", "category_code", "mechanism"], Tabular, NeedsCountry: false, IsPublishable: true,
            (rows, caller, filter) => Of(RowTable.Events(rows.Licence), rows, caller, (window, ct) => rows.EventsAsync(caller, In(filter, window), ct))),
        new("rows", ["cc", "asn", "domain", "category_code", "mechanism"], Tabular, NeedsCountry: false, IsPublishable: false,
            (rows, caller, filter) => Of(RowTable.Rows(rows.Licence), rows, caller, (window, ct) => rows.RowsAsync(In(filter, window), ct))),
        new("ooni", ["cc", "asn", "domain", "category_code"], [ExportFormat.Jsonl], NeedsCountry: false, IsPublishable: false,
            (rows, _, filter) => new DocumentDataset((window, ct) => rows.OoniAsync(In(filter, window), ct))),
    ];

    public static ExportKind? Find(string? name) => All.FirstOrDefault(kind => kind.Name == name);

    static TableDataset<T> Of<T>(Table<T> table, ExportRows rows, Caller caller, Func<CellWindow, CancellationToken, IAsyncEnumerable<T>> read) =>
        new(table, exact: !caller.IsPublic, new Dictionary<string, string>(StringComparer.Ordinal) { ["licence"] = rows.Licence }, read);

    static Filter In(Filter filter, CellWindow window) => filter with { Since = window.Start, Until = window.End };
}
