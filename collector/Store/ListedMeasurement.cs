using ProbeNet.Collector.Observations;

namespace ProbeNet.Collector.Store;

/// <summary>A row with what only readers ask for.</summary>
sealed record ListedMeasurement(StoredMeasurement Row, string List, long ListVersion, string AgentVersion, DateOnly Received);

/// <summary>Where a measurement stands in its batch, and what is still known of that batch.</summary>
/// <param name="Leaves">Of the batch's measurements that are still here, or left a tombstone, by their place.</param>
/// <param name="Link">Null once the link to the key was deleted.</param>
/// <param name="Log">Null only for a batch whose log leaf was lost.</param>
sealed record StoredSeal(byte[] SealHash, int Index, IReadOnlyDictionary<int, byte[]> Leaves, KeyLink? Link, LoggedLeaf? Log);

/// <param name="Seal">A serialised Signed.</param>
/// <param name="Certificate">A serialised Signed, its statement a KeyCertificate.</param>
sealed record KeyLink(byte[] Seal, byte[] Certificate, int Count, bool Gap, bool Fork);

sealed record LoggedLeaf(long Index, DateOnly Day);
