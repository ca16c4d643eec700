namespace ProbeNet.Collector.Api.Evidence;

enum Strength
{
    /// <summary>Follows from bytes and a signature.</summary>
    Proven,

    /// <summary>The collector says so, with or without its signature.</summary>
    CollectorsWord,

    /// <summary>Cannot be checked with what the bundle holds.</summary>
    Missing,

    /// <summary>Contradicts the bundle's own bytes.</summary>
    False,
}

sealed record Claim(Strength Strength, string Text);

/// <summary>What a check has found so far.</summary>
sealed class Claims
{
    readonly List<Claim> _all = [];

    public IReadOnlyList<Claim> All => _all;

    public void Add(Strength strength, string text) => _all.Add(new(strength, text));

    public void False(string text) => Add(Strength.False, text);

    /// <returns>Whether it holds.</returns>
    public bool Proves(bool holds, string text, string contradiction) => Says(holds, Strength.Proven, text, contradiction);

    /// <inheritdoc cref="Proves"/>
    public bool Says(bool holds, Strength strength, string text, string contradiction)
    {
        Add(holds ? strength : Strength.False, holds ? text : contradiction);
        return holds;
    }
}
