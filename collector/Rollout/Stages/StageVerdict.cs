namespace ProbeNet.Collector.Rollout.Stages;

enum StageDecision
{
    Wait,
    Promote,
    Halt,
}

/// <summary>One comparison of agents on the new list with those of the same providers on the old one.</summary>
/// <param name="New">Median, or share.</param>
/// <param name="PValue">One-sided: how often chance alone would make the new list look so bad.</param>
sealed record Comparison(string Of, double New, double Old, double PValue, bool Worse);

/// <param name="Reason">For people: what is waited for, or why it was halted.</param>
sealed record StageVerdict(
    StageDecision Decision, string Reason, int Admitted, int Applied, int Refused, int Silent, int Measuring, IReadOnlyList<Comparison> Comparisons);
