using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Api;

/// <summary>
/// The steps to a state without the analysis' own sentences, whose exact figures are not public. A step that has no
/// sentence here is left out.
/// </summary>
static class PublicReasoning
{
    static readonly Dictionary<string, (string Held, string Failed)> Sentences = new(StringComparer.Ordinal)
    {
        ["floor"] = ("Enough volunteers measured often enough.", "Too few measurements say anything."),
        ["controls"] = ("Control vantage points in uncensored networks could be compared with.", "No control vantage point saw the target at that time."),
        ["references"] = ("The harmless reference pages worked.", "The harmless reference pages failed too: the network itself was in trouble."),
        ["evidence"] = ("The measurements together pass the bar for interference.", "The measurements together do not pass the bar for interference."),
        ["independence"] = ("Independent volunteers of different groups saw the same.", "What was seen comes from one volunteer or one group only."),
        ["sustained"] = ("It was seen again after some time.", "It was not seen again after enough time."),
        ["artefact"] = ("At least one sign is proof in itself, such as a false answer or a blockpage.", "No single sign is proof in itself."),
        ["change"] = ("The state changed within these days; what stands here is the latest.", "The state did not change within these days."),
        ["down"] = ("Controls cannot reach the site either.", "Controls reach the site."),
        ["refused"] = ("The server itself turns visitors away.", "The server itself does not turn visitors away."),
    };

    /// <param name="reasoning">Null where the public may see nothing of the cell.</param>
    public static IReadOnlyList<ReasoningStep> Of(Reasoning? reasoning, CellView cell, int minimumUnits)
    {
        if (reasoning is null)
            return [new("floor", false, cell.Reason == InsufficientReasons.NotOnList
                ? "The site is on no test list of this country, so nobody was asked to look."
                : $"Fewer than {minimumUnits} volunteers of this provider looked, or what they saw proves nothing. The site may be blocked or reachable.")];
        return [.. reasoning.Steps.Where(step => Sentences.ContainsKey(step.Code))
            .Select(step => step with { Text = step.Holds ? Sentences[step.Code].Held : Sentences[step.Code].Failed })];
    }
}
