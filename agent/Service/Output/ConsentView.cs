using System.Globalization;
using ProbeNet.Agent.Identity;
using ProbeNet.Protos.Identifiers;

namespace ProbeNet.Agent.Service.Output;

sealed record ConsentView(
    string TextVersion, string Language, string Date, IReadOnlyList<string> Categories, IReadOnlyList<string> Refused, bool Localisation, bool Tasks)
{
    public static ConsentView Of(Consent consent) => new(
        consent.TextVersion, consent.Language, Day.ToDate(consent.Day).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        consent.Categories, consent.Refused, consent.Localisation, consent.Tasks);

    static string RiskyOf(IEnumerable<string> categories) =>
        string.Join(' ', categories.Where(code => Protos.Categories.RiskOf(code) == Protos.CategoryRisk.High)) is { Length: > 0 } risky ? risky : "none";

    public IEnumerable<(string, string)> Rows() =>
    [
        ("agreed", $"text {TextVersion} ({Language}) on {Date}"),
        ("categories", string.Join(' ', Categories)),
        ("of high risk", RiskyOf(Categories)),
        ("refused", Refused.Count == 0 ? "none" : string.Join(' ', Refused)),
        ("localisation", Localisation ? "on" : "off"),
        ("tasks", Tasks ? "on" : "off"),
    ];
}
