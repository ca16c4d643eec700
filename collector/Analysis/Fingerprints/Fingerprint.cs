using System.Text.RegularExpressions;

namespace ProbeNet.Collector.Analysis.Fingerprints;

/// <summary>One entry of a list in OONI's columns.</summary>
/// <param name="Scope">"nat", "isp", "prod", "inst", "vbw" …; "fp" marks what is known to be no blocking.</param>
/// <param name="Location">"dns", "body" or "header.NAME".</param>
/// <param name="Countries">Where it is expected; empty means anywhere.</param>
sealed record Fingerprint(
    string Name, string Scope, string Location, FingerprintPattern Pattern, IReadOnlyList<string> Countries)
{
    /// <summary>Name of the file that it stands in; empty where it comes from none.</summary>
    public string Source { get; init; } = "";

    /// <summary>Known to be served by sites and devices that block nothing.</summary>
    public bool IsFalsePositive => Scope == "fp";

    public bool ExpectedIn(string cc) => Countries.Count == 0 || Countries.Contains(cc, StringComparer.OrdinalIgnoreCase);
}

/// <summary>"full", "prefix", "contains" or "regexp".</summary>
sealed class FingerprintPattern
{
    static readonly TimeSpan MatchTimeout = TimeSpan.FromMilliseconds(100);

    readonly Regex? _regex;

    FingerprintPattern(string type, string text, Regex? regex)
    {
        Type = type;
        Text = text;
        _regex = regex;
    }

    public string Type { get; }

    public string Text { get; }

    /// <summary>Null for a type that is not known or an expression that is none.</summary>
    public static FingerprintPattern? Of(string type, string text)
    {
        if (text.Length == 0)
            return null;
        if (type is "full" or "prefix" or "contains")
            return new(type, text, null);
        if (type != "regexp")
            return null;
        try
        {
            return new(type, text, new Regex(text, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, MatchTimeout));
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    public bool Matches(string value) => Type switch
    {
        "full" => value == Text,
        "prefix" => value.StartsWith(Text, StringComparison.Ordinal),
        "contains" => value.Contains(Text, StringComparison.Ordinal),
        _ => _regex!.IsMatch(value),
    };
}
