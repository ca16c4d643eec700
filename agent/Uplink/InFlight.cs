using Google.Protobuf;
using ProbeNet.Agent.Sealing;
using ProbeNet.Agent.Spool;
using ProbeNet.Protos;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Uplink;

/// <summary>The batches of one key that were sent in this session, and what the collector's receipts make of them.</summary>
sealed class InFlight(ChunkSpool spool, Sealer sealer, ulong key, TimeProvider time)
{
    readonly Dictionary<ulong, Sent> _sent = [];

    // Numbers ascend, so what comes after the last one taken from the spool is new. A spool that waited for days is not looked through for each batch.
    readonly Queue<SpoolRecord> _ahead = [];
    ulong _last;

    public int Count => _sent.Count;

    /// <summary>Sealed batches wait to be sent.</summary>
    public bool HasBacklog => _ahead.Count > 0;

    /// <summary>When the oldest was sent that has no receipt; null when all have.</summary>
    public long? OldestSent => _sent.Count > 0 ? _sent.Values.Min(sent => sent.Timestamp) : null;

    /// <returns>The next batch that waits and was not sent in this session, as it lies in the spool; null when there is none.</returns>
    public Envelope? Next()
    {
        if (_ahead.Count == 0)
            foreach (var record in spool.Pending(key).Where(record => record.Number > _last))
                _ahead.Enqueue(record);
        while (_ahead.TryDequeue(out var record))
        {
            _last = record.Number;
            if (spool.TryRead(record, out var head) is not { } payload)
                continue;
            var envelope = Envelope.Parser.ParseFrom(payload);
            var hash = UnsafeByteOperations.UnsafeWrap(Sealed.Hash(envelope));
            _sent.Add(record.Number, new(sealer.ReadHead(head).SealHash, hash, time.GetTimestamp()));
            return envelope;
        }
        return null;
    }

    /// <summary>Settles the batch that a receipt is for. The bookmark moves here and nowhere else.</summary>
    /// <param name="receipt">Its signature holds.</param>
    /// <returns>Why nothing more should be sent now; null when all is well.</returns>
    public string? Take(Receipt receipt)
    {
        var number = _sent.FirstOrDefault(entry => IsFor(receipt, entry.Value)).Key;
        if (number == 0)
            return null;
        _sent.Remove(number);
        if (receipt.Outcome == ReceiptOutcome.Accepted)
        {
            _ = spool.Settle([number], Settlement.Accepted);
            return null;
        }
        if (receipt.Outcome != ReceiptOutcome.Rejected || !Refusals.IsFinal(receipt.Reason))
            return receipt.Reason;
        _ = spool.Settle([number], Settlement.Rejected);
        return null;
    }

    // Nothing but the envelope's hash is known to a collector that could not open it.
    static bool IsFor(Receipt receipt, Sent sent) =>
        receipt.SealHash.IsEmpty ? receipt.EnvelopeHash == sent.EnvelopeHash : receipt.SealHash == sent.SealHash;

    sealed record Sent(ByteString SealHash, ByteString EnvelopeHash, long Timestamp);
}
