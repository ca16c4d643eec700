using ProbeNet.Collector.Analysis.Attribution;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Findings;

namespace ProbeNet.Collector.Analysis.Moves;

/// <summary>A sight of blocking as it bears on the pattern of its provider.</summary>
/// <param name="Mark">What the blocking left (<see cref="BlockMark"/>) without what distance does to it and what set it off, with the path where it answered DNS.</param>
/// <param name="Place">The network it was located in; null where it was not.</param>
/// <param name="Weight">Every group weighs the same on a day, and every target in it, however often it was looked at.</param>
sealed record Trace(
    DateTimeOffset Time, int Grain, uint Epoch, UnitTag Group, UnitTag Unit, string Target, string Mark, long? Place, string? Version, double Weight)
{
    public DateOnly Day => DateOnly.FromDateTime(Time.UtcDateTime);

    public static string MarkOf(Sight sight)
    {
        var mark = WithoutTrigger(BlockMark.WithoutDistance(BlockMark.Of(sight)));
        return sight.Mechanisms is [{ Via: Vias.Path } first, ..] && first.Name.StartsWith("dns.", StringComparison.Ordinal) ? mark + InThePath : mark;
    }

    // What set the device off takes a comparison that an older version did not make: it is the same blocking.
    static string WithoutTrigger(string mark)
    {
        var method = BlockMark.MechanismOf(mark);
        return Array.Find(Triggers, t => method.EndsWith(t, StringComparison.Ordinal)) is { } trigger ? method[..^trigger.Length] + mark[method.Length..] : mark;
    }

    static readonly string[] Triggers = [".sni", ".host"];

    /// <summary>The mark as <see cref="BlockMark"/> knows it.</summary>
    public static string PlainMark(string mark) => mark.EndsWith(InThePath, StringComparison.Ordinal) ? mark[..^InThePath.Length] : mark;

    const string InThePath = " in the path";
}
