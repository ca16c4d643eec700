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
        ["floor"] = ("Enough measurements say anything.", "Too few measurements say anything."),
        ["volunteers"] = ("One volunteer alone counts here, and something is wrong there.", "One volunteer alone counts here, and nothing is wrong there: one home says nothing about a provider."),
        ["evidence"] = ("The measurements together pass the bar for interference.", "The measurements together do not pass the bar for interference."),
        ["witnesses"] = ("Something is off, but only one volunteer saw it.", ""),
        ["newcomers"] = ("Volunteers who came lately weigh as one group, as others have been there for longer.", ""),
        ["minority"] = ("A few see something that the others clearly do not: a fault of theirs explains it as well.", ""),
        ["groups"] = ("It would be more likely than not without any one group of volunteers.", "Without one group of volunteers it would no longer be more likely than not."),
        ["between"] = ("The evidence lies between the bars.", ""),
        ["down"] = ("The site failed at controls in different networks too, and no volunteer reached it.", ""),
        ["refused"] = ("The server itself turns visitors away.", ""),
        ["bound"] = ("Those who saw it are on networks that the collector itself observed.", "Too few of those who saw it are on networks that the collector itself observed."),
        ["sustained"] = ("It was seen again after some time.", "It was not seen again after enough time."),
        ["independence"] = ("Independent groups of volunteers saw the same.", "What was seen comes from one group of volunteers only."),
        ["artefact"] = ("At least one sign is proof in itself, such as a false answer or a blockpage.", "No single sign is proof in itself."),
        ["throttled"] = ("Most measurements were slower than a reference on the same path.", ""),
        ["mixed"] = ("Some volunteers see interference and others do not: inconsistent inside the provider.", ""),
        ["reachable"] = ("The site was reached.", ""),
        ["change"] = ("The state changed within these days; what stands here is the latest.", "The state did not change within these days, so they hold no onset."),
    };

    /// <param name="reasoning">Null where the public may see nothing of the cell.</param>
    public static IReadOnlyList<ReasoningStep> Of(Reasoning? reasoning, int minimumUnits)
    {
        if (reasoning is null)
            return [new("floor", false, $"Fewer than {minimumUnits} volunteers of this provider looked, or what they saw proves nothing. The site may be blocked or reachable.")];
        return [.. reasoning.Steps.Where(step => Sentences.ContainsKey(step.Code))
            .Select(step => step with { Text = step.Holds ? Sentences[step.Code].Held : Sentences[step.Code].Failed })
            .Where(step => step.Text.Length > 0)];
    }
}
