using System.CommandLine;
using ProbeNet.Collector.Fleet.Lists;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Service.Commands;

/// <summary>Whom something is for: cc=KH,asn=64500,tag=NAME,version=1.4,cohort=0-25.</summary>
static class TargetOption
{
    public static Option<string> Create(string description, bool placesAlone = false)
    {
        var option = new Option<string>("--target") { Description = description };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && (Parse(token.Value) is not { } terms || (placesAlone && !IsPlace(terms))))
                result.AddError(placesAlone
                    ? "--target is cc=KH or asn=NUMBER, several separated by commas."
                    : "--target is cc=KH, asn=NUMBER, tag=NAME, version=1.4 or cohort=0-25, several separated by commas.");
        });
        return option;
    }

    /// <returns>Null when it cannot be read.</returns>
    public static ReleaseTerms? Parse(string text)
    {
        var terms = ReleaseTerms.Everybody with { Target = new ListTarget() };
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            switch (part.Split('=', 2))
            {
                case ["cc", { Length: 2 } cc] when cc.All(char.IsAsciiLetter):
                    terms.Target.Cc.Add(cc.ToUpperInvariant());
                    break;
                case ["asn", var number] when uint.TryParse(number, out var asn):
                    terms.Target.Asn.Add(asn);
                    break;
                case ["tag", { Length: > 0 } group]:
                    terms = terms with { Groups = [.. terms.Groups, group] };
                    break;
                case ["version", { Length: > 0 } version]:
                    terms = terms with { Agents = version };
                    break;
                case ["cohort", var range] when range.Split('-') is [var from, var to] && int.TryParse(from, out var first) && int.TryParse(to, out var last)
                    && first >= 0 && last <= 100 && first < last:
                    terms = terms with { Cohort = (first, last) };
                    break;
                default:
                    return null;
            }
        }
        return terms;
    }

    static bool IsPlace(ReleaseTerms terms) => terms.Groups.Count == 0 && terms.Agents.Length == 0 && terms.Cohort == (0, 100);
}
