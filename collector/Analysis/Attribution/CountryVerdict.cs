namespace ProbeNet.Collector.Analysis.Attribution;

/// <summary>How the blocking in a country is organised, with everything that says so (contract 2 and 3).</summary>
/// <param name="Word">One of <see cref="Organisations"/>.</param>
/// <param name="Preliminary">The floor is not met: the figures beside are a first impression and no claim.</param>
/// <param name="Leaning">The explanation that has most of the posterior; null where nothing was compared.</param>
/// <param name="Score">0 (nothing in common) to 100 (one filter), over the components there are; null without any. Describes, decides nothing.</param>
/// <param name="Targets">Those blocked at a compared provider at least, by name.</param>
sealed record CountryVerdict(
    string Word,
    bool Preliminary,
    string? Leaning,
    Hypotheses Posterior,
    double? Score,
    AttributionComponents Components,
    IReadOnlyList<AttributionEvidence> Evidence,
    AttributionCoverage Coverage,
    IReadOnlyList<TargetVerdict> Targets);

/// <summary>Each 0 to 1; null where nothing was to be compared.</summary>
/// <param name="List">Agreement on what is blocked (Krippendorff's alpha, not below 0).</param>
/// <param name="Mechanism">Rare marks in common.</param>
/// <param name="Onset">How close together providers began.</param>
/// <param name="Place">Share of located providers that are filtered in one network.</param>
/// <param name="TechniqueEntropy">Bits, of the providers' dominant marks; 0 when all do the same.</param>
/// <param name="PValue">Of the permutation test on the lists.</param>
sealed record AttributionComponents(
    double? List, double? Mechanism, double? Onset, double? Place, double? Jaccard, double? MechanismOverlap, double? TechniqueEntropy, double? PValue);

/// <param name="Kind">"list", "mechanism", "onset", "place", "groups" or "floor".</param>
/// <param name="Text">One English sentence with its figures and their denominators.</param>
/// <param name="Likelihood">Natural logarithms, relative to "independent"; null where it is none.</param>
sealed record AttributionEvidence(string Kind, string Text, Hypotheses? Likelihood);

/// <param name="Isps">Providers with any measurement.</param>
/// <param name="ComparedIsps">Of them, with two independent volunteers or more.</param>
/// <param name="CommonTargets">Decided at most of the compared providers, three at least.</param>
/// <param name="BlockedTargets">Of them, blocked at one provider at least.</param>
/// <param name="LocatedIsps">Of the compared, with the place of their blocking measured.</param>
sealed record AttributionCoverage(int Isps, int ComparedIsps, int Targets, int CommonTargets, int BlockedTargets, int LocatedIsps, int OnsetTargets);
