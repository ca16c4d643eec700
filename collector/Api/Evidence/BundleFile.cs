namespace ProbeNet.Collector.Api.Evidence;

/// <summary>Names of what a bundle holds. They are public: other programs check bundles too.</summary>
static class BundleFile
{
    public const string Readme = "README.txt";
    public const string Index = "bundle.json";
    public const string Measurement = "measurement.bin";
    public const string Facts = "facts.json";
    public const string Circumstance = "circumstance.json";
    public const string Seal = "seal.bin";
    public const string Certificate = "certificate.bin";
    public const string Receipt = "receipt.bin";
    public const string Finding = "finding.json";
    public const string AttachmentFolder = "attachments/";
    public const string ControlFolder = "controls/";
}

/// <summary>What a bundle says of itself. Hashes and keys are hexadecimal.</summary>
/// <param name="Identity">The collector's public identity key.</param>
/// <param name="Proof">Null when the way from the leaf to the root is gone.</param>
/// <param name="Log">Null when the batch is in no log.</param>
/// <param name="Chain">Null when the link to the key is gone.</param>
sealed record BundleIndex(
    string Format, Guid Uid, string Cc, long Asn, string AsnSource, DateOnly Received, DateTimeOffset Made, string SealHash, string Identity,
    BundleProof? Proof, BundleLog? Log, BundleChain? Chain)
{
    public const string CurrentFormat = "probenet-evidence/1";
}

/// <param name="Path">Hashes beside the way from the leaf to the root, nearest the leaf first (RFC 6962).</param>
sealed record BundleProof(int Index, int Count, IReadOnlyList<string> Path);

sealed record BundleLog(long Index, DateOnly Day);

sealed record BundleChain(bool Gap, bool Fork);
