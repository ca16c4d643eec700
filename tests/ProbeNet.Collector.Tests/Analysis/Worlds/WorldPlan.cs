namespace ProbeNet.Collector.Tests.Analysis.Worlds;

/// <summary>What really happens in a generated country.</summary>
public enum WorldKind
{
    Order,
    Gateway,
    Hybrid,
    Independent,
    Outage,
    Quiet,
}

/// <summary>How much noise, disagreement and missing data a world has.</summary>
public enum Difficulty
{
    Easy,
    Middle,
    Hard,
}

/// <param name="Localised">Units localise what they see: hop and network of the interference are in the file.</param>
sealed record WorldPlan(WorldKind Kind, Difficulty Difficulty, int Seed, int Isps, int Targets, bool Localised, int Days = 7)
{
    /// <summary>A plan with everything that may vary drawn from the seed.</summary>
    public static WorldPlan Draw(WorldKind kind, int seed)
    {
        var random = new Random(seed * 31 + (int)kind * 1_000_003);
        // As many small lists as large ones.
        var targets = (int)Math.Round(30 * Math.Pow(10, random.NextDouble()));
        return new(kind, (Difficulty)random.Next(3), seed, random.Next(3, 16), targets, random.Next(2) == 0);
    }
}
