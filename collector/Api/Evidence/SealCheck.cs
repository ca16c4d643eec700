using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Api.Evidence;

/// <summary>That a key signed the measurement, and what the collector says of that key and of the batch's arrival.</summary>
static class SealCheck
{
    public static void Run(BundleArchive archive, VerificationKey? identity, Claims claims)
    {
        if (CheckSeal(archive, claims) is { } header && identity is not null)
            CheckCertificate(archive, header, identity, claims);
        if (identity is not null)
            CheckReceipt(archive, identity, claims);
    }

    static SealHeader? CheckSeal(BundleArchive archive, Claims claims)
    {
        var said = archive.Index.Seal;
        if (archive.Find(BundleFile.Seal) is null && said.Count is null)
        {
            claims.Add(Strength.Missing, "The seal: links from measurements to keys are deleted after 30 days. No volunteer's signature can be checked any more; that one was checked on arrival is the collector's word.");
            return null;
        }
        if (archive.Message(Signed.Parser, BundleFile.Seal) is not { } seal || BundleArchive.Parse(SealHeader.Parser, seal.Statement) is not { } header
            || !VerificationKey.TryImport(header.PublicKey.Span, out var key))
        {
            claims.False($"{BundleFile.Seal} is missing or malformed.");
            return null;
        }
        var name = Convert.ToHexStringLower(KeyId.Of(header.PublicKey.Span));
        claims.Proves(key.Verify(SigningContext.Seal, seal), $"The key {name} signed the seal of batch {header.Sequence} over {header.Count} measurements.", $"The seal is not signed by the key that it names.");
        claims.Proves(Convert.ToHexStringLower(BatchSealer.SealHash(seal)) == said.Hash, "The seal is the one that receipt and log name.", "The seal is another than the one that the bundle names.");
        CheckPath(archive, header, name, claims);
        if (archive.Index.Chain is { } chain)
            claims.Add(Strength.CollectorsWord, chain switch
            {
                { Fork: true } => "The key signed two different histories; treat what it says with care.",
                { Gap: true } => "The batch before this one never arrived.",
                _ => "The key's batches before this one arrived without gap or fork.",
            });
        return header;
    }

    static void CheckPath(BundleArchive archive, SealHeader header, string name, Claims claims)
    {
        var said = archive.Index.Seal;
        if (said.Count != header.Count)
            claims.False("The batch has another number of measurements than the seal says.");
        else if (said.Path is not { } path)
            claims.Add(Strength.Missing, "The way from the measurement to the signed root: another measurement of the batch left no leaf.");
        else
            claims.Proves(MerkleTree.Verify(BundleCheck.FromHex(archive.Index.Measurement.Leaf), said.Index, (int)header.Count, BundleCheck.FromHex(path), header.Root.Span),
                $"The measurement is number {said.Index + 1} of the {header.Count} under the signed root: the key {name} signed exactly these bytes.",
                "The measurement is not under the signed root.");
    }

    static void CheckCertificate(BundleArchive archive, SealHeader header, VerificationKey identity, Claims claims)
    {
        if (archive.Message(Signed.Parser, BundleFile.Certificate) is not { } signed || BundleArchive.Parse(KeyCertificate.Parser, signed.Statement) is not { } certificate)
            claims.False($"{BundleFile.Certificate} is missing or malformed.");
        else if (!identity.Verify(SigningContext.Certificate, signed))
            claims.False("The key's certificate is not signed by the collector's key.");
        else if (certificate.PublicKey != header.PublicKey)
            claims.False("The certificate is another key's.");
        else
            claims.Says(certificate.Asn == archive.Index.Measurement.Asn, Strength.CollectorsWord,
                $"Signed: this key belongs to AS{certificate.Asn} ({certificate.Cc}); the network is known by: {archive.Index.Measurement.AsnSource}. Valid {Day.ToDate(certificate.IssuedDay):yyyy-MM-dd} to {Day.ToDate(certificate.ExpiresDay):yyyy-MM-dd}.",
                "The certificate is for another network than the bundle says.");
    }

    static void CheckReceipt(BundleArchive archive, VerificationKey identity, Claims claims)
    {
        if (archive.Message(Signed.Parser, BundleFile.Receipt) is not { } signed || BundleArchive.Parse(Receipt.Parser, signed.Statement) is not { } receipt)
            claims.False($"{BundleFile.Receipt} is missing or malformed.");
        else if (!identity.Verify(SigningContext.Receipt, signed))
            claims.False("The receipt is not signed by the collector's key.");
        else if (Convert.ToHexStringLower(receipt.SealHash.Span) != archive.Index.Seal.Hash)
            claims.False("The receipt is another batch's.");
        else
            claims.Says(archive.Index.Log is null || Day.ToDate(receipt.Day) == archive.Index.Log.Day, Strength.CollectorsWord,
                $"Signed: the batch was here on {Day.ToDate(receipt.Day):yyyy-MM-dd}.", "The receipt is of another day than the log.");
    }
}
