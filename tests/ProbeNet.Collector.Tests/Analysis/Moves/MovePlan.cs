using ProbeNet.Collector.Tests.Analysis.Worlds;

namespace ProbeNet.Collector.Tests.Analysis.Moves;

/// <summary>What happens in a country that blocks by order.</summary>
public enum MoveKind
{
    /// <summary>Provider by provider its traffic comes to pass a gateway.</summary>
    Gateway,
    /// <summary>All international traffic takes other ways, as in June 2025.</summary>
    Rerouting,
    /// <summary>Sites change their content network.</summary>
    Cdn,
    /// <summary>A new version of the agent sees, or says, something else.</summary>
    Release,
}

/// <param name="Localised">Units localise what they see.</param>
/// <param name="Plain">The gateway's way of blocking leaves no mark of its own.</param>
sealed record MovePlan(MoveKind Kind, Difficulty Difficulty, int Seed, int Isps, int Targets, bool Localised, bool Plain)
{
    /// <summary>Days before anything happens, days in which it does, and days after.</summary>
    public const int Lead = 21, Transition = 60, Rest = 9;

    public static MovePlan Draw(MoveKind kind, int seed)
    {
        var random = new Random(seed * 57 + (int)kind * 700_001);
        return new(kind, (Difficulty)random.Next(3), seed, random.Next(3, 16), (int)(30 * Math.Pow(3, random.NextDouble())), random.Next(2) == 0, random.NextDouble() < 0.2);
    }

    public double Level(double easy, double middle, double hard) => Difficulty switch
    {
        Difficulty.Easy => easy,
        Difficulty.Middle => middle,
        _ => hard,
    };
}

/// <param name="Moved">When each provider's traffic came to pass the gateway.</param>
sealed record MovingWorld(
    MovePlan Plan, IReadOnlyList<MadeIsp> Isps, IReadOnlyDictionary<long, DateTimeOffset> Moved, ProbeNet.Collector.Analysis.Worlds.World World);
