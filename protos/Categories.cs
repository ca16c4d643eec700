using System.Collections.Frozen;

namespace ProbeNet.Protos;

/// <summary>What it may cost a volunteer that somebody saw the page being opened.</summary>
public enum CategoryRisk
{
    /// <summary>Agreed to by whoever agrees without choosing.</summary>
    Ordinary,

    /// <summary>Needs an opt-in.</summary>
    Raised,

    /// <summary>Needs an opt-in: to have opened such a page is in itself held against people in many places.</summary>
    High,
}

/// <summary>The 31 codes of https://github.com/citizenlab/test-lists, in use since 2015, with the risk that we see in each.</summary>
public static class Categories
{
    static readonly FrozenDictionary<string, CategoryRisk> Risks = new Dictionary<string, CategoryRisk>(StringComparer.Ordinal)
    {
        ["NEWS"] = CategoryRisk.Ordinary,
        ["HUMR"] = CategoryRisk.Ordinary,
        ["POLR"] = CategoryRisk.Ordinary,
        ["ENV"] = CategoryRisk.Ordinary,
        ["ECON"] = CategoryRisk.Ordinary,
        ["GOVT"] = CategoryRisk.Ordinary,
        ["IGO"] = CategoryRisk.Ordinary,
        ["COMM"] = CategoryRisk.Raised,
        ["COMT"] = CategoryRisk.Raised,
        ["CTRL"] = CategoryRisk.Raised,
        ["CULTR"] = CategoryRisk.Raised,
        ["FILE"] = CategoryRisk.Raised,
        ["GAME"] = CategoryRisk.Raised,
        ["GRP"] = CategoryRisk.Raised,
        ["HOST"] = CategoryRisk.Raised,
        ["MISC"] = CategoryRisk.Raised,
        ["MMED"] = CategoryRisk.Raised,
        ["PUBH"] = CategoryRisk.Raised,
        ["REL"] = CategoryRisk.Raised,
        ["SRCH"] = CategoryRisk.Raised,
        ["ALDR"] = CategoryRisk.High,
        ["ANON"] = CategoryRisk.High,
        ["DATE"] = CategoryRisk.High,
        ["GMB"] = CategoryRisk.High,
        ["HACK"] = CategoryRisk.High,
        ["HATE"] = CategoryRisk.High,
        ["LGBT"] = CategoryRisk.High,
        ["MILX"] = CategoryRisk.High,
        ["PORN"] = CategoryRisk.High,
        ["PROV"] = CategoryRisk.High,
        ["XED"] = CategoryRisk.High,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Those of ordinary risk, in the order in which they are shown.</summary>
    public static IReadOnlyList<string> Ordinary { get; } = ["NEWS", "HUMR", "POLR", "ENV", "ECON", "GOVT", "IGO"];

    public static bool IsKnown(string code) => Risks.ContainsKey(code);

    /// <summary>High for a code that nobody knows.</summary>
    public static CategoryRisk RiskOf(string code) => Risks.GetValueOrDefault(code, CategoryRisk.High);
}
