using System.Globalization;

namespace ProbeNet.Collector.Api.Evidence;

/// <summary>What a bundle is, for whoever opens it without us.</summary>
static class BundleReadme
{
    public static string Text(BundleContent content)
    {
        var row = content.Measurement.Row;
        return string.Create(CultureInfo.InvariantCulture, $"""
            Evidence of one measurement: {row.Uid}

            A volunteer's program opened {row.Input} from the network AS{row.Asn} ({row.Cc}) at about {row.Time:yyyy-MM-dd HH:mm} UTC
            and wrote down what happened. This archive holds those bytes and what proves them.

            Check it, offline:    probenet-collector verify THIS-FILE.zip

            What each file is
              measurement.bin     the bytes as they were hashed and signed (protobuf probenet.v1.SealedMeasurement)
              facts.json          what was seen, written readably; the bytes count, not this copy
              circumstance.json   on which network, for which list, why and when; as above
              seal.bin            the volunteer's key signed the root over all measurements of a batch (Ed25519)
              certificate.bin     the collector signed that this key belongs to this network
              receipt.bin         the collector signed on which day it had the batch
              bundle.json         the way from the measurement to the root, place in the log, the collector's public key
              finding.json        what the collector's rules make of it
              attachments/        certificates that servers presented, named by their SHA-256
              controls/           what control vantage points in uncensored networks saw of the same site

            {Seal(content)}

            What is proven, and what is not
              The signature proves that whoever held the key wrote exactly these bytes, and nothing later changed them.
              It does not prove that the volunteer's program told the truth: that is why no single measurement decides a cell.
              That the key belongs to this network, and on which day the batch arrived, is the collector's signed word.
              The volunteer's address is in no file, and nobody kept it. The time is floored to some minutes.
              Do not publish single measurements: a time, a rare site and a provider can point at a person.

            """);
    }

    static string Seal(BundleContent content) => content.Seal switch
    {
        { Link: null } => """
            The seal and the certificate are not here: the link from a measurement to a key is deleted after 30 days, to protect the
            volunteer. What is left is the collector's word and the place of the batch in its log.
            """,
        { Link: { } link } seal when seal.Leaves.Count != link.Count => """
            The way from this measurement to the signed root is not here: other measurements of its batch were withdrawn by their volunteer.
            """,
        _ => "Everything is here: the seal was made less than 30 days ago.",
    };
}
