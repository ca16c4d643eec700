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

    public IEnumerable<(string, string)> Rows() =>
    [
        ("agreed", $"text {TextVersion} ({Language}) on {Date}"),
        ("categories", string.Join(' ', Categories)),
        ("refused", Refused.Count == 0 ? "none" : string.Join(' ', Refused)),
        ("localisation", Localisation ? "on" : "off"),
        ("tasks", Tasks ? "on" : "off"),
    ];
}
