using ProbeNet.Protos.Identifiers;

namespace ProbeNet.Collector.Store.Writing;

/// <summary>The rows of several batches turned into columns, as unnest takes them.</summary>
sealed class RowArrays
{
    readonly List<(int Batch, int Index, MeasurementRow Row)> _rows = [];
    readonly IReadOnlyList<BatchRows> _batches;

    public RowArrays(IReadOnlyList<BatchRows> batches, Func<BatchRows, MeasurementRow, bool> take)
    {
        _batches = batches;
        for (var n = 0; n < batches.Count; n++)
            for (var i = 0; i < batches[n].Rows.Count; i++)
                if (take(batches[n], batches[n].Rows[i]))
                    _rows.Add((n, i, batches[n].Rows[i]));
    }

    public int Count => _rows.Count;

    /// <summary>In the order of the parameters of <see cref="WriteStatements.Fresh"/>.</summary>
    public IReadOnlyList<object> Parameters() =>
    [
        Column(r => r.Batch), Column(r => r.Row.Time), Column(r => r.Row.Uid), Column(r => r.Row.Cc), Column(r => r.Row.Access),
        Column(r => r.Row.List), Column(r => r.Row.ListVersion), Column(r => r.Row.Reason), Column(r => r.Row.Input), Column(r => r.Row.Target),
        Column(r => r.Row.AgentVersion), Column(r => (short)r.Index), Column(r => r.Row.Details),
        Enumerable.Range(0, _batches.Count).ToArray(), OfBatch(b => (long)b.Source.Certificate.Asn), OfBatch(b => (short)b.Source.Certificate.AsnSource),
        OfBatch(b => (short)b.Source.Certificate.Role), OfBatch(b => b.Unit), OfBatch(b => b.Group), OfBatch(b => b.SealHash),
        OfBatch(b => Day.ToDate(b.Source.ReceivedDay)), OfBatch(EndOfEpoch),
    ];

    // In the next epoch the same home is another unit: what is measured then under the old one would count a second time. The row
    // is kept and has no network, which counts in no cell.
    static DateTime EndOfEpoch(BatchRows batch) =>
        Day.ToDate((batch.Source.Certificate.Epoch + 1) * Day.PerEpoch).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);

    T[] Column<T>(Func<(int Batch, int Index, MeasurementRow Row), T> value)
    {
        var column = new T[_rows.Count];
        for (var i = 0; i < column.Length; i++)
            column[i] = value(_rows[i]);
        return column;
    }

    T[] OfBatch<T>(Func<BatchRows, T> value) => [.. _batches.Select(value)];
}
