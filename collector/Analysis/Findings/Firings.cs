namespace ProbeNet.Collector.Analysis.Findings;

/// <summary>What fired in one measurement, in the order of the cascade.</summary>
sealed class Firings
{
    readonly List<Firing> _fired = [];
    readonly List<string> _strays = [];

    public IReadOnlyList<Firing> All => _fired;

    /// <summary>Marks of wrong answers and pages, to be compared with those of other names.</summary>
    public IReadOnlyList<string> Strays => _strays;

    public void Fire(Rule rule, string? mechanism = null, string? via = null, string? artefact = null, string? token = null, double? weight = null)
    {
        var firing = new Firing(rule, mechanism, via, artefact, token, weight ?? rule.Weight);
        if (!_fired.Contains(firing))
            _fired.Add(firing);
    }

    public void Stray(string mark)
    {
        if (!_strays.Contains(mark, StringComparer.Ordinal))
            _strays.Add(mark);
    }

    public bool Any(RuleEffect effect) => _fired.Exists(f => f.Rule.Effect == effect);
}

/// <param name="Artefact">One of <see cref="Artefacts"/> where the rule proves interference.</param>
/// <param name="Token">What identifies the device or sink.</param>
sealed record Firing(Rule Rule, string? Mechanism, string? Via, string? Artefact, string? Token, double Weight);
