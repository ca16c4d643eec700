namespace ProbeNet.Collector.Api.Evidence;

/// <summary>What a bundle says of itself; the collector signs these bytes. Hashes and keys are hexadecimal.</summary>
/// <param name="Made">The day on which it was put together.</param>
/// <param name="Identity">The collector's public identity key.</param>
/// <param name="Chain">Null when the link to the key is gone.</param>
/// <param name="Log">Null when the batch is in no log.</param>
/// <param name="Controls">Control measurements of the day, the day before and the day after.</param>
/// <param name="AllControls">False when there were more of them than a bundle takes.</param>
/// <param name="Files">SHA-256 of every file but this one and its signature.</param>
sealed record BundleIndex(
    string Format, DateOnly Made, string Identity, BundleMeasurement Measurement, BundleSeal Seal, BundleChain? Chain, BundleLog? Log,
    IReadOnlyList<BundleControl> Controls, bool AllControls, string Licence, SortedDictionary<string, string> Files)
{
    public const string CurrentFormat = "probenet-evidence/2";
}

/// <summary>Which measurement. Facts and circumstance are salted and hashed by themselves, so that either can be shown alone.</summary>
/// <param name="Uid">Null without the circumstance: the time is in it.</param>
/// <param name="Day">UTC.</param>
/// <param name="CircumstanceSalt">Null without the circumstance.</param>
/// <param name="CircumstanceHash">SHA-256(0x03 ∥ salt ∥ circumstance).</param>
sealed record BundleMeasurement(
    Guid? Uid, string Leaf, DateOnly Day, string Cc, long Asn, string AsnSource, DateOnly Received,
    string FactsSalt, string? CircumstanceSalt, string CircumstanceHash);

/// <param name="Path">Hashes beside the way from the leaf to the root, nearest the leaf first (RFC 6962); null when it is gone.</param>
sealed record BundleSeal(string Hash, int Index, int? Count, IReadOnlyList<string>? Path);

sealed record BundleChain(bool Gap, bool Fork);

/// <param name="Head">Null until the day has its tree head.</param>
sealed record BundleLog(long Index, DateOnly Day, BundleHead? Head);

/// <summary>From the leaf of the batch to the root of its day, and from there to the root of all days.</summary>
/// <param name="FirstIndex">Index of the day's first leaf.</param>
/// <param name="Size">Leaves of the day.</param>
/// <param name="Number">The day's place among all days, from 0.</param>
/// <param name="Signature">By the identity key over days, last day and root of the log of days.</param>
sealed record BundleHead(
    long FirstIndex, long Size, string Root, IReadOnlyList<string> Path,
    int Number, int Days, DateOnly LastDay, string LogRoot, IReadOnlyList<string> LogPath, string Signature);

sealed record BundleControl(Guid Uid, long Asn);
