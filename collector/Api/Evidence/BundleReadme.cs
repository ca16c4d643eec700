using System.Globalization;

namespace ProbeNet.Collector.Api.Evidence;

/// <summary>What a bundle is, for whoever opens it without us.</summary>
static class BundleReadme
{
    public static string Text(BundleContent content)
    {
        var row = content.Measurement.Row;
        return string.Create(CultureInfo.InvariantCulture, $"""
            Evidence of one measurement

            A program opened {row.Input} from the network AS{row.Asn} ({row.Cc}) on {row.Time:yyyy-MM-dd} (UTC) and wrote down what
            happened. This archive holds those bytes and what proves them. PROVEN.txt says what is proven, and by whom.

            Check it, offline, on any machine:    probenet-collector verify THIS-FILE.zip
            Without that program: the project's documentation has a script of about a hundred lines (verify.py, Python 3) that checks
            the same signatures, hashes and proofs.
            Give both the collector's public key as you know it from elsewhere (--identity): a forger has a key of his own.

            What each file is
              bundle.json         the list of contents: hashes of all files, the way from the measurement to the signed root, the place
                                  in the log, the collector's public key
              bundle.sig          the collector signed bundle.json (Ed25519, over "probenet/v1/bundle", a zero byte and the file)
              facts.bin           what was seen, as it was hashed and signed (protobuf probenet.v1.Facts)
              facts.json          the same, readable; the bytes count, not this copy
            {Circumstance(content)}
              seal.bin            the volunteer's key signed the root over all measurements of a batch (Ed25519)
              certificate.bin     the collector signed that this key belongs to this network
              receipt.bin         the collector signed on which day it had the batch
            {Stamp(content)}
              finding.json        what the collector's rules make of the facts
              rules.json          the rules that fired: name, source, hash
              fingerprints.json   known marks of blocking that match anything here: name, source, hash
              cell.json           what all volunteers together say of this site at this provider, step by step
              attachments/        certificates that servers presented, named by their SHA-256
              controls/           what control vantage points in uncensored networks saw of the same site

            {Seal(content)}

            In plain words
              The signature proves that whoever held the key wrote exactly these bytes, and nothing later changed them. It does not
              prove that they are true: for that there are several volunteers, who do not know each other, and controls.
              That the key belongs to this network, on which day the batch arrived, and how many independent volunteers agree is the
              collector's word. It signed a log that it can only add to: a later head of the log shows whether it kept that word.
              "Blocked" is never "the government blocked": the bytes show what happened, not who ordered it.

            Before you pass it on
              The volunteer's address is in no file, and nobody kept it. Yet a rare site, a provider and a day can point at a person,
              and two bundles of one key can be told to be one volunteer's. Do not publish it without asking who knows the place.

            Licence of what the collector made: {content.Licence}. Fingerprints are those of the files that fingerprints.json names.

            """);
    }

    static string Circumstance(BundleContent content) => content.WithCircumstance
        ? """
              circumstance.bin    time, list, reason and what the agent knew of its network, as hashed and signed
              circumstance.json   the same, readable
            """
        : """
              (circumstance)      time, list and reason are not shown: bundle.json has their hash, which the seal covers
            """;

    static string Stamp(BundleContent content) => content.Day?.Stamp is not null
        ? """
              log-head.bin        the state of the collector's log of days: number of days, last day, root
              timestamp.tst       an outside authority signed when it saw that state (RFC 3161); with the authority's certificate:
                                  openssl ts -verify -data log-head.bin -in timestamp.tst -token_in -CAfile CERTIFICATE
            """
        : """
              (time stamp)        no outside authority has stamped the log with this day in it yet
            """;

    static string Seal(BundleContent content) => content.Seal switch
    {
        { Link: null } => """
            The seal and the certificate are not here: the link from a measurement to a key is deleted after 30 days, to protect the
            volunteer. What is left is the collector's word and the place of the batch in its log.
            """,
        { Link: { } link } seal when seal.Leaves.Count != link.Count => """
            The way from this measurement to the signed root is not here: another measurement of its batch left no leaf.
            """,
        _ => "The seal is here: it was made less than 30 days ago.",
    };
}
