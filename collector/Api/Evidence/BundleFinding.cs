using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Analysis.Fingerprints;

namespace ProbeNet.Collector.Api.Evidence;

/// <summary>What the rules make of the facts, and what they need beside facts and controls.</summary>
/// <param name="SharedMarks">Wrong answers and pages that names of other owners got on that day too.</param>
sealed record BundleFinding(
    string Cc, long Asn, string AsnSource, string Role, string Domain, string Input, FindingView Finding, IReadOnlyList<string> SharedMarks);

/// <summary>The rules that fired, each by name, source and hash.</summary>
/// <param name="Hash">SHA-256 over the hashes of all rules of this version, in their order.</param>
sealed record BundleRules(int Version, string Hash, IReadOnlyList<BundleRule> Fired)
{
    public static BundleRules Of(Finding finding) => new(
        finding.RulesVersion, SetHash(), [.. finding.Rules.Select(id => BundleRule.Of(Rules.All.First(rule => rule.Id == id)))]);

    public static string SetHash() => Convert.ToHexStringLower(SHA256.HashData([.. Rules.All.SelectMany(rule => Convert.FromHexString(BundleRule.Of(rule).Hash))]));
}

/// <param name="Hash">SHA-256 over all the others, each followed by a line end.</param>
sealed record BundleRule(string Rule, string Effect, double Weight, string Condition, string Source, string Example, string Hash)
{
    public static BundleRule Of(Rule rule)
    {
        var named = new BundleRule(rule.Id, rule.Effect.ToString(), rule.Weight, rule.Condition, rule.Source, rule.Example, "");
        return named with { Hash = named.OwnHash() };
    }

    public string OwnHash() => BundleText.Hash(Rule, Effect, Weight.ToString("R", CultureInfo.InvariantCulture), Condition, Source, Example);
}

/// <summary>The fingerprints that match anything in the measurement or its controls, wherever they are expected.</summary>
/// <param name="Version">Names the whole set; empty where the collector had none.</param>
/// <param name="Files">What the set was read from.</param>
sealed record BundleFingerprints(string Version, IReadOnlyList<FingerprintSource> Files, IReadOnlyList<BundleFingerprint> Used);

/// <param name="Source">The file that it stands in.</param>
/// <param name="Hash">SHA-256 over all the others, each followed by a line end.</param>
sealed record BundleFingerprint(
    string Name, string Scope, string LocationFound, string PatternType, string Pattern, string ExpectedCountries, string Source, string Hash)
{
    public static BundleFingerprint Of(Fingerprint known)
    {
        var named = new BundleFingerprint(
            known.Name, known.Scope, known.Location, known.Pattern.Type, known.Pattern.Text, string.Join(',', known.Countries), known.Source, "");
        return named with { Hash = named.OwnHash() };
    }

    public string OwnHash() => BundleText.Hash(Name, Scope, LocationFound, PatternType, Pattern, ExpectedCountries, Source);

    /// <summary>Null where the pattern is none.</summary>
    public Fingerprint? Known() => FingerprintPattern.Of(PatternType, Pattern) is { } pattern
        ? new(Name, Scope, LocationFound, pattern, ExpectedCountries.Split(',', StringSplitOptions.RemoveEmptyEntries)) { Source = Source }
        : null;
}

static class BundleText
{
    public static string Hash(params IEnumerable<string> lines) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")))));
}
