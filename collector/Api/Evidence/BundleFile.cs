namespace ProbeNet.Collector.Api.Evidence;

/// <summary>Names of what a bundle holds. They are public: other programs check bundles too.</summary>
static class BundleFile
{
    public const string Readme = "README.txt";
    public const string Table = "PROVEN.txt";
    public const string Index = "bundle.json";
    public const string Signature = "bundle.sig";
    public const string Facts = "facts.bin";
    public const string ReadableFacts = "facts.json";
    public const string Circumstance = "circumstance.bin";
    public const string ReadableCircumstance = "circumstance.json";
    public const string Seal = "seal.bin";
    public const string Certificate = "certificate.bin";
    public const string Receipt = "receipt.bin";
    public const string Finding = "finding.json";
    public const string Rules = "rules.json";
    public const string Fingerprints = "fingerprints.json";
    public const string Cell = "cell.json";
    public const string LogHead = "log-head.bin";
    public const string Timestamp = "timestamp.tst";
    public const string AttachmentFolder = "attachments/";
    public const string ControlFolder = "controls/";

    public static string Attachment(ReadOnlySpan<byte> hash) => $"{AttachmentFolder}{Convert.ToHexStringLower(hash)}.der";

    public static string Control(Guid uid) => $"{ControlFolder}{uid}.bin";

    public static string ReadableControl(Guid uid) => $"{ControlFolder}{uid}.json";
}
