namespace ProbeNet.Collector.Analysis.Attribution;

/// <summary>How the blocking of one target is organised, as far as one target can tell (contract 2).</summary>
/// <param name="Word">"alike", "different", "coordinated" or "insufficient": none of the four explanations.</param>
/// <param name="Compared">Providers where enough volunteers looked.</param>
/// <param name="Blocking">Of them, where it is blocked.</param>
/// <param name="Text">One or two English sentences with the figures.</param>
sealed record TargetVerdict(string Target, string Word, int Compared, int Blocking, string Text);
