using System.Collections.Immutable;
using Parquet;
using Parquet.Schema;

namespace ProbeNet.Collector.Exchange;

/// <summary>A column of a <see cref="Table{T}"/> in a Parquet file.</summary>
/// <param name="type">Not <see cref="ColumnType.Count"/>: a column has one type.</param>
sealed class ParquetColumn<T>(string name, ColumnType type, Func<T, object?> value)
{
    public Field Field { get; } = type switch
    {
        ColumnType.Texts => new ListField(name, new DataField("element", typeof(string), isNullable: false)),
        ColumnType.Whole => new DataField(name, typeof(long), isNullable: true),
        ColumnType.Number => new DataField(name, typeof(double), isNullable: true),
        ColumnType.Truth => new DataField(name, typeof(bool), isNullable: true),
        ColumnType.Time => new DateTimeDataField(name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, unit: DateTimeTimeUnit.Millis, isNullable: true),
        _ => new DataField(name, typeof(string), isNullable: true),
    };

    public Task WriteAsync(ParquetRowGroupWriter group, IReadOnlyList<T> rows, CancellationToken ct) => type switch
    {
        ColumnType.Texts => WriteTextsAsync(group, (ListField)Field, rows, ct),
        ColumnType.Whole => group.WriteAsync<long>((DataField)Field, Of<long>(rows, one => one is int small ? small : (long)one), cancellationToken: ct),
        ColumnType.Number => group.WriteAsync<double>((DataField)Field, Of<double>(rows, one => (double)one), cancellationToken: ct),
        ColumnType.Truth => group.WriteAsync<bool>((DataField)Field, Of<bool>(rows, one => (bool)one), cancellationToken: ct),
        ColumnType.Time => group.WriteAsync<DateTime>((DataField)Field, Of<DateTime>(rows, one => ToSecond((DateTimeOffset)one)), cancellationToken: ct),
        _ => group.WriteAsync((DataField)Field, rows.Select(row => Table<T>.Text(value(row))).ToArray()!),
    };

    TValue?[] Of<TValue>(IReadOnlyList<T> rows, Func<object, TValue> read) where TValue : struct =>
        [.. rows.Select(row => value(row) is { } one ? read(one) : (TValue?)null)];

    // Definition levels: 0 no list, 1 an empty one, 2 an element. A repetition level of 0 begins a row.
    async Task WriteTextsAsync(ParquetRowGroupWriter group, ListField list, IReadOnlyList<T> rows, CancellationToken ct)
    {
        var (texts, defined, repeated) = (new List<ReadOnlyMemory<char>>(), new List<int>(), new List<int>());
        foreach (var row in rows)
        {
            var items = ((IEnumerable<string>?)value(row))?.ToImmutableArray();
            if (items is not { IsEmpty: false } some)
            {
                defined.Add(items is null ? 0 : 1);
                repeated.Add(0);
                continue;
            }
            foreach (var (i, item) in some.Index())
            {
                texts.Add(item.AsMemory());
                defined.Add(2);
                repeated.Add(i == 0 ? 0 : 1);
            }
        }
        await group.WriteAllPartsAsync<ReadOnlyMemory<char>>((DataField)list.Item, texts.ToArray(), defined.ToArray(), repeated.ToArray(), ct);
    }

    // As CSV and JSON Lines have it.
    static DateTime ToSecond(DateTimeOffset time) => new(time.UtcTicks - (time.UtcTicks % TimeSpan.TicksPerSecond), DateTimeKind.Utc);
}
