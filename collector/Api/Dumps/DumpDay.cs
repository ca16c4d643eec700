using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Api.Exports;
using ProbeNet.Collector.Exchange;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api.Dumps;

/// <summary>What the public sees of one UTC day, read once: the same answers that /matrix and /events give for that day.</summary>
sealed class DumpDay
{
    readonly IReadOnlyList<MatrixRow> _cells;
    readonly IReadOnlyList<(EventView Event, EventIspView Isp)> _events;
    readonly DateOnly _day;
    readonly string _licence;

    DumpDay(DateOnly day, string licence, IReadOnlyList<MatrixRow> cells, IReadOnlyList<(EventView, EventIspView)> events) =>
        (_day, _licence, _cells, _events) = (day, licence, cells, events);

    public static async Task<DumpDay> ReadAsync(DateOnly day, IReadOnlyList<string> countries, ExportRows rows, CancellationToken ct)
    {
        var window = new CellWindow(day, day.AddDays(1));
        var cells = new List<MatrixRow>();
        foreach (var cc in countries)
            cells.AddRange(await rows.CellsAsync(Caller.Public, new() { Cc = cc }, window, null, ct).ToListAsync(ct));
        var events = await rows.EventsAsync(Caller.Public, new() { Since = window.Start, Until = window.End }, ct).OrderBy(row => row.Event.Id, StringComparer.Ordinal).ToListAsync(ct);
        return new(day, rows.Licence, cells, events);
    }

    /// <summary>Columns by kind.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<ManifestColumn>> Columns(string licence) => new SortedDictionary<string, IReadOnlyList<ManifestColumn>>(StringComparer.Ordinal)
    {
        ["cells"] = Dataset(MatrixCsv.Table, licence, AsyncEnumerable.Empty<MatrixRow>()).Columns,
        ["events"] = Dataset(RowTable.Events(licence), licence, AsyncEnumerable.Empty<(EventView, EventIspView)>()).Columns,
    };

    /// <summary>
    /// SHA-256 over all that is told of volunteers' sights. A name, a list or a provider that is new changes no day of the past, and what the public
    /// may not see changes nothing either: a new version would tell of it.
    /// </summary>
    public byte[] Content()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var row in _cells.Where(row => !row.Cell.Units.IsHidden))
            Append(hash, row.Matrix.Cc, row.Cell);
        foreach (var e in _events.Select(row => row.Event).DistinctBy(e => e.Id))
            Append(hash, e.Cc, e);
        return hash.GetHashAndReset();
    }

    /// <param name="folder">Exists.</param>
    /// <param name="asOf">What the rows say of themselves.</param>
    public async Task<IReadOnlyList<DumpFile>> WriteAsync(string folder, DateOnly asOf, CancellationToken ct)
    {
        DateTimeOffset at = new(asOf.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
        var cells = _cells.Select(row => row with { Matrix = row.Matrix with { AsOf = at } }).ToAsyncEnumerable();
        return
        [
            .. await WriteAsync(folder, "cells", Dataset(MatrixCsv.Table, _licence, cells), ct),
            .. await WriteAsync(folder, "events", Dataset(RowTable.Events(_licence), _licence, _events.ToAsyncEnumerable()), ct),
        ];
    }

    async Task<IReadOnlyList<DumpFile>> WriteAsync(string folder, string kind, IDataset data, CancellationToken ct)
    {
        var window = new CellWindow(_day, _day.AddDays(1));
        return
        [
            await FileAsync("parquet", stream => data.WriteAsync(window, ExportFormat.Parquet, stream, ct)),
            await FileAsync("csv.gz", async stream =>
            {
                await using var gzip = new GZipStream(stream, CompressionLevel.SmallestSize, leaveOpen: true);
                return await data.WriteAsync(window, ExportFormat.Csv, gzip, ct);
            }),
        ];

        async Task<DumpFile> FileAsync(string form, Func<Stream, Task<long>> write)
        {
            var name = FormattableString.Invariant($"{kind}-{_day:yyyy-MM-dd}.{form}");
            var (rows, bytes, hash) = await ExportFolder.WriteWholeAsync(Path.Combine(folder, name), write, ct);
            return new(name, kind, rows, bytes, hash);
        }
    }

    static TableDataset<T> Dataset<T>(Table<T> table, string licence, IAsyncEnumerable<T> rows) =>
        new(table, exact: false, new Dictionary<string, string>(StringComparer.Ordinal) { ["licence"] = licence }, (_, _) => rows);

    static void Append<T>(IncrementalHash hash, string cc, T view) => hash.AppendData(Encoding.UTF8.GetBytes($"{cc} {JsonSerializer.Serialize(view, Json.Options)}\n"));
}
