using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Api.Evidence;

/// <summary>Whether the finding follows from facts, controls, rules and fingerprints, and what the cell is said to be.</summary>
static class JudgementCheck
{
    public static void Run(BundleArchive archive, Facts? facts, Claims claims)
    {
        var finding = archive.Document<BundleFinding>(BundleFile.Finding);
        var rules = archive.Document<BundleRules>(BundleFile.Rules);
        var fingerprints = archive.Document<BundleFingerprints>(BundleFile.Fingerprints);
        foreach (var (name, document) in new (string, object?)[] { (BundleFile.Finding, finding), (BundleFile.Rules, rules), (BundleFile.Fingerprints, fingerprints) })
            if (document is null)
                claims.False($"{name} is missing or malformed.");
        if (fingerprints is not null)
            Check(fingerprints, claims);
        if (finding is null || rules is null)
            return;
        Check(archive.Index, finding, facts, claims);
        var known = Check(rules, finding, claims);
        CheckCell(archive, finding, claims);
        if (known && facts is not null && fingerprints is not null)
            FindingAgain.Check(archive, facts, finding, fingerprints, claims);
    }

    static void Check(BundleIndex index, BundleFinding finding, Facts? facts, Claims claims)
    {
        if (facts is not null && finding.Input != facts.Input)
            claims.False("The finding is about another page than the facts.");
        var said = index.Measurement;
        if ((finding.Cc, finding.Asn, finding.AsnSource) != (said.Cc, said.Asn, said.AsnSource))
            claims.False("The finding is about another network than the bundle.");
    }

    /// <returns>Whether this program has the same rules.</returns>
    static bool Check(BundleRules rules, BundleFinding finding, Claims claims)
    {
        var whole = true;
        foreach (var rule in rules.Fired.Where(rule => rule.OwnHash() != rule.Hash))
        {
            claims.False($"The rule {rule.Rule} does not have the text that its hash is of.");
            whole = false;
        }
        if (!rules.Fired.Select(rule => rule.Rule).SequenceEqual(finding.Finding.Rules) || rules.Version != finding.Finding.RulesVersion)
        {
            claims.False("The finding names other rules than those that are here.");
            whole = false;
        }
        if (rules.Version != Rules.Version)
        {
            claims.Add(Strength.CollectorsWord, $"The finding \"{finding.Finding.Outcome}\" under rules {rules.Version}; this program has rules {Rules.Version} and cannot compute it again.");
            return false;
        }
        return claims.Proves(rules.Hash == BundleRules.SetHash(), $"The rules are version {rules.Version} of this program, by their hash {rules.Hash}.", $"The rules are others than version {rules.Version} of this program.")
            & claims.Proves(rules.Fired.All(rule => Rules.All.FirstOrDefault(own => own.Id == rule.Rule) is { } own && BundleRule.Of(own) == rule),
                $"The {rules.Fired.Count} rules that fired say what they say in this program.", "A rule says something else than it does in this program.")
            && whole;
    }

    static void Check(BundleFingerprints fingerprints, Claims claims)
    {
        foreach (var known in fingerprints.Used.Where(known => known.OwnHash() != known.Hash))
            claims.False($"The fingerprint {known.Name} does not have the text that its hash is of.");
        foreach (var known in fingerprints.Used.Where(known => !fingerprints.Files.Any(file => file.Name == known.Source)))
            claims.False($"The fingerprint {known.Name} comes from a file that is not named.");
    }

    static void CheckCell(BundleArchive archive, BundleFinding finding, Claims claims)
    {
        if (archive.Find(BundleFile.Cell) is null)
            return;
        if (archive.Document<ExplanationView>(BundleFile.Cell) is not { } said)
            claims.False($"{BundleFile.Cell} is malformed.");
        else
            claims.Says(said.Cc == finding.Cc && said.Cell.Asn == finding.Asn && (said.Cell.Domain == finding.Domain || said.Cell.Domain == finding.Input), Strength.CollectorsWord,
                $"The cell {said.Cell.Domain} at AS{said.Cell.Asn} is \"{said.Cell.State.Word()}\", by the {said.Reasoning.Count} steps of {BundleFile.Cell}; how many volunteers looked, and that they are independent, is the collector's knowledge alone.",
                "The cell is another site's or another network's.");
    }
}
