namespace ProbeNet.Collector.Analysis.Cells;

/// <summary>A cell with everything that led to it.</summary>
/// <param name="Days">The window's days that have any measurement, in order.</param>
/// <param name="Rules">Rules that fired in the stretch, most frequent first.</param>
/// <param name="Units">Volunteers without names, strongest evidence first.</param>
sealed record CellExplanation(
    Cell Cell,
    CellWindow Window,
    Reasoning Reasoning,
    IReadOnlyList<RuleCount> Rules,
    IReadOnlyList<UnitEvidence> Units,
    IReadOnlyList<CellDay> Days,
    IReadOnlyList<ControlDay> Controls);

/// <summary>Why a cell is what it is: each step in plain words, with its code for programs.</summary>
sealed record Reasoning(IReadOnlyList<ReasoningStep> Steps);

/// <param name="Code">Stable: "floor", "evidence", "independence", "sustained", "artefact", "change" …</param>
/// <param name="Holds">Whether the condition was met.</param>
/// <param name="Text">One English sentence with its figures and their denominators.</param>
sealed record ReasoningStep(string Code, bool Holds, string Text);

/// <param name="Runs">Measurements in which it fired.</param>
sealed record RuleCount(string Rule, int Runs, int Units);

/// <param name="Group">Which of the cell's groups, counted from 1: never the tag itself.</param>
/// <param name="Bound">The network was observed by the collector; otherwise the unit cannot support "blocked".</param>
/// <param name="Access">"fixed", "mobile", "both" or "unknown".</param>
/// <param name="Scored">Measurements that say anything, tasks and manual ones included.</param>
/// <param name="Interference">Those of <paramref name="Scored"/> that show interference.</param>
/// <param name="Evidence">Natural logarithm of the likelihood ratio, capped.</param>
sealed record UnitEvidence(
    int Group,
    bool Bound,
    string Access,
    int Scored,
    int Interference,
    double Evidence,
    bool Sustained,
    IReadOnlyList<string> Mechanisms,
    IReadOnlyList<string> Artefacts);

/// <summary>Scheduled runs of one day by outcome, and how many volunteers.</summary>
sealed record CellDay(
    DateOnly Day, int Units, int Artefact, int Anomaly, int Slow, int Refused, int Down, int Ok, int Discarded);

/// <param name="Networks">Different networks that controls looked from.</param>
/// <param name="Reached">Control measurements that got the page.</param>
sealed record ControlDay(DateOnly Day, int Networks, int Measurements, int Reached);
