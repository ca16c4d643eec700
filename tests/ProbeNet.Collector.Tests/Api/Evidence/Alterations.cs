using System.Text.Json.Nodes;
using ProbeNet.Collector.Api.Evidence;

namespace ProbeNet.Collector.Tests.Api.Evidence;

/// <summary>Every way to falsify a bundle that came to mind, each with what must be said of it.</summary>
static class Alterations
{
    static readonly string Other = new('1', 64);

    public static readonly IReadOnlyList<Alteration> All =
    [
        new("a letter of the facts", "The facts, or their salt, are others than the leaf was made of.", true, b => b.Replace(BundleFile.Facts, "popular0", "unknown0")),
        new("facts cut in half", "facts.bin is no measurement's facts.", true, b => b.Cut(BundleFile.Facts)),
        new("a bit of the facts' salt", "The measurement is not under the signed root.", true, b => b.Index(i =>
        {
            i["measurement"]!["facts_salt"] = Other[..32];
            i["measurement"]!["leaf"] = Other;
        })),
        new("the readable facts", "facts.json says something else than the sealed bytes.", true, b => b.Replace(BundleFile.ReadableFacts, Analysis.Page.Lie, "8.18.1.1")),
        new("the readable facts, cut", "facts.json is not the file on the list of contents.", false, b => b.Cut(BundleFile.ReadableFacts)),
        new("a letter of the circumstance", "The circumstance, or its salt, is another than the leaf was made of.", true, b => b.Replace(BundleFile.Circumstance, "KH", "LA")),
        new("circumstance cut in half", "circumstance.bin is missing or malformed.", true, b => b.Cut(BundleFile.Circumstance)),
        new("the circumstance left out", "circumstance.bin is missing: it is on the list of contents.", false, b => b.Files.Remove(BundleFile.Circumstance)),
        new("the readable circumstance", "circumstance.json says something else than the sealed bytes.", true, b => b.Replace(BundleFile.ReadableCircumstance, "SCHEDULED", "MANUAL")),
        new("another measurement's identifier", "The identifier belongs to another measurement.", true, b => b.Index(i => i["measurement"]!["uid"] = (string)b.SiblingsIndex["measurement"]!["uid"]!)),
        new("another day", "The day is another than the circumstance says.", true, b => b.Index(i => i["measurement"]!["day"] = "2026-11-19")),

        new("a bit of the seal's signature", "The seal is not signed by the key that it names.", true, b => b.Flip(BundleFile.Seal, 1)),
        new("seal cut in half", "seal.bin is missing or malformed.", true, b => b.Cut(BundleFile.Seal)),
        new("another key's seal", "The seal is another than the one that the bundle names.", true, b => b.Files[BundleFile.Seal] = b.Stranger[BundleFile.Seal]),
        new("a sibling's way to the root", "The list of contents is not as the collector's key signed it.", false, b => b.Index(i => i["seal"] = b.SiblingsIndex["seal"]!.DeepClone())),
        new("another size of the batch", "The batch has another number of measurements than the seal says.", true, b => b.Index(i => i["seal"]!["count"] = 6)),
        new("a bit of the certificate's signature", "The key's certificate is not signed by the collector's key.", true, b => b.Flip(BundleFile.Certificate, 1)),
        new("certificate cut in half", "certificate.bin is missing or malformed.", true, b => b.Cut(BundleFile.Certificate)),
        new("another key's certificate", "The certificate is another key's.", true, b => b.Files[BundleFile.Certificate] = b.Stranger[BundleFile.Certificate]),
        new("another network", "The certificate is for another network than the bundle says.", true, b => b.Index(i => i["measurement"]!["asn"] = 64502)),
        new("a bit of the receipt's signature", "The receipt is not signed by the collector's key.", true, b => b.Flip(BundleFile.Receipt, 1)),
        new("receipt cut in half", "receipt.bin is missing or malformed.", true, b => b.Cut(BundleFile.Receipt)),
        new("another batch's receipt", "The receipt is another batch's.", true, b => b.Files[BundleFile.Receipt] = b.Stranger[BundleFile.Receipt]),
        new("another day of the log", "The receipt is of another day than the log.", true, b => b.Index(i => i["log"]!["day"] = "2026-11-19")),

        new("another place in the log", "The batch's place in the log is not among the leaves of its day.", true, b => b.Index(i => i["log"]!["index"] = 999)),
        new("the log's leaves reordered", "The batch is not under the tree head of its day.", true, b => b.Index(i => Reverse(i["log"]!["head"]!, "path"))),
        new("the log's days reordered", "The tree head of the day is not in the log of days.", true, b => b.Index(i => i["log"]!["head"]!["number"] = 1)),
        new("the log shortened", "The log of days ends before the batch's day.", true, b => b.Index(i => i["log"]!["head"]!["last_day"] = "2026-11-01")),
        new("the log signed by nobody", "The log of days is not signed by the collector's key.", true, b => b.Index(i => i["log"]!["head"]!["signature"] = Other + Other)),

        new("a bit of a control", "The control ", true, b => b.Flip(b.First(BundleFile.ControlFolder), 3)),
        new("a control dropped", "controls/", false, b => b.Files.Remove(b.First(BundleFile.ControlFolder))),
        new("a control reads differently", "The control {0} reads differently than its bytes.", true, b => b.Replace(b.First(BundleFile.ControlFolder)[..^4] + ".json", "8.18.1.1", "8.18.1.2")),
        new("a control dropped from file and list", "The finding does not follow from facts and controls: computed again here", true, b => b.Index(i =>
        {
            // All of one network: one network alone is no control.
            foreach (var control in i["controls"]!.AsArray().Where(c => (long)c!["asn"]! == 64560).ToList())
            {
                i["controls"]!.AsArray().Remove(control);
                b.Files.Remove(BundleFile.Control(Guid.Parse((string)control!["uid"]!)));
                b.Files.Remove(BundleFile.ReadableControl(Guid.Parse((string)control["uid"]!)));
            }
        })),
        new("a control put in", "controls/00000000-0000-0000-0000-000000000000.bin is a control that the bundle does not name.", true,
            b => b.Files[BundleFile.Control(Guid.Empty)] = b.Files[b.First(BundleFile.ControlFolder)]),
        new("a bit of a certificate of the site", "attachments/{1} is another certificate than its name says.", true, b => b.Flip(b.First(BundleFile.AttachmentFolder), 1)),
        new("a certificate that nobody saw", $"attachments/{Other}.der is a certificate that the facts do not name.", true, b => b.Files[$"{BundleFile.AttachmentFolder}{Other}.der"] = [1]),
        new("a certificate dropped", "attachments/{1} is missing: it is on the list of contents.", false, b => b.Files.Remove(b.First(BundleFile.AttachmentFolder))),

        new("another outcome", "The finding does not follow from facts and controls: computed again here it is \"artefact\" (dns.injection.blockpage) by ", true,
            b => b.Edit(BundleFile.Finding, f => f["finding"]!["outcome"] = "ok")),
        new("a finding of another page", "The finding is about another page than the facts.", true, b => b.Edit(BundleFile.Finding, f => f["input"] = "https://other.example/")),
        new("a finding of another network", "The finding is about another network than the bundle.", true, b => b.Edit(BundleFile.Finding, f => f["asn"] = 64502)),
        new("finding cut in half", "finding.json is missing or malformed.", true, b => b.Cut(BundleFile.Finding)),
        new("a rule's text replaced", "The rule {2} does not have the text that its hash is of.", true, b => b.Edit(BundleFile.Rules, r => r["fired"]![0]!["condition"] = "always")),
        new("a rule replaced with its hash", "A rule says something else than it does in this program.", true, b => b.Edit(BundleFile.Rules, r =>
        {
            var rule = r["fired"]![0]!;
            rule["condition"] = "always";
            rule["hash"] = System.Text.Json.JsonSerializer.Deserialize<BundleRule>(rule, BundleJson.Strict)!.OwnHash();
        })),
        new("the set of rules replaced", "The rules are others than version ", true, b => b.Edit(BundleFile.Rules, r => r["hash"] = Other)),
        new("another version of the rules", "The finding names other rules than those that are here.", true, b => b.Edit(BundleFile.Rules, r => r["version"] = 1)),
        new("rules cut in half", "rules.json is missing or malformed.", true, b => b.Cut(BundleFile.Rules)),
        new("a fingerprint's pattern replaced", $"The fingerprint {ProvenCountry.Fingerprint} does not have the text that its hash is of.", true,
            b => b.Edit(BundleFile.Fingerprints, f => f["used"]![0]!["pattern"] = "9.9.33.99")),
        new("the fingerprints' source left out", $"The fingerprint {ProvenCountry.Fingerprint} comes from a file that is not named.", true, b => b.Edit(BundleFile.Fingerprints, f => f["files"] = new JsonArray())),
        new("fingerprints cut in half", "fingerprints.json is missing or malformed.", true, b => b.Cut(BundleFile.Fingerprints)),
        new("a fingerprint left out", "fingerprints.json is not the file on the list of contents.", false, b => b.Edit(BundleFile.Fingerprints, f => f["used"] = new JsonArray())),
        new("another network's cell", "The cell is another site's or another network's.", true, b => b.Edit(BundleFile.Cell, c => c["cell"]!["asn"] = 64502)),
        new("another state of the cell", "cell.json is not the file on the list of contents.", false, b => b.Edit(BundleFile.Cell, c => c["cell"]!["state"] = "ok")),
        new("cell cut in half", "cell.json is malformed.", true, b => b.Cut(BundleFile.Cell)),

        new("a letter of the readme", "README.txt is not the file on the list of contents.", false, b => b.Replace(BundleFile.Readme, "never", "always")),
        new("the table dropped", "PROVEN.txt is missing: it is on the list of contents.", false, b => b.Files.Remove(BundleFile.Table)),
        new("a file put in", "note.txt was put in: it is not on the list of contents.", true, b => b.Files["note.txt"] = [1]),
        new("the signature cut", "bundle.sig is no signature.", false, b => b.Cut(BundleFile.Signature)),
        new("the signature dropped", "bundle.sig is missing: nobody signed the list of contents.", false, b => b.Files.Remove(BundleFile.Signature)),
        new("no key of the collector's", "The collector's public key is malformed.", true, b => b.Index(i => i["identity"] = "00")),
        new("the list cut in half", "bundle.json is malformed.", false, b => b.Cut(BundleFile.Index)),
        new("the list dropped", "there is no bundle.json.", false, b => b.Files.Remove(BundleFile.Index)),
        new("another format", "it is of a format that this version does not know.", false, b => b.Index(i => i["format"] = "probenet-evidence/1")),
    ];

    static void Reverse(JsonNode parent, string name)
    {
        var items = parent[name]!.AsArray().Select(item => item!.DeepClone()).Reverse().ToArray();
        parent[name] = new JsonArray(items);
    }
}
