using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Store.Writing;

/// <summary>What is left of withdrawn rows: their leaves, so that the others of a batch still prove themselves.</summary>
sealed class Tombstones
{
    readonly List<Guid> _uids = [];
    readonly List<byte[]> _batches = [];
    readonly List<short> _indexes = [];
    readonly List<byte[]> _leaves = [];

    public int Count => _uids.Count;

    /// <param name="index">Place in the batch.</param>
    /// <param name="details">The serialised SealedMeasurement.</param>
    public void Add(Guid uid, byte[] batch, short index, ReadOnlySpan<byte> details)
    {
        _uids.Add(uid);
        _batches.Add(batch);
        _indexes.Add(index);
        _leaves.Add(Leaf.Hash(SealedMeasurement.Parser.ParseFrom(details)));
    }

    /// <summary>In the order of <see cref="WriteStatements.Tombstones"/>.</summary>
    public object[] Parameters(DateOnly day) => [_uids.ToArray(), day, _batches.ToArray(), _indexes.ToArray(), _leaves.ToArray()];
}
