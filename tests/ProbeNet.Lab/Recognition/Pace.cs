namespace ProbeNet.Lab.Recognition;

/// <summary>
/// How fast and how far everybody goes over the list: the agent's own law (`Agent:Schedule`: a random 60 to 90 % in random order,
/// gaps that differ by half), with a page every few seconds where a volunteer's agent starts one a minute.
/// </summary>
sealed class Pace(Random random)
{
    const double Seconds = 4, Jitter = 0.5, SmallestShare = 0.6, LargestShare = 0.9;

    /// <summary>What the last page may still take.</summary>
    static readonly TimeSpan Tail = TimeSpan.FromSeconds(8);

    /// <summary>Pages a minute.</summary>
    public static double Rate => 60 / Seconds;

    /// <summary>In which the longest round is over.</summary>
    public static TimeSpan Whole(int pages) => TimeSpan.FromSeconds(Math.Ceiling(LargestShare * pages) * Seconds) + Tail;

    public IReadOnlyList<(string Page, TimeSpan Gap)> Draw(IEnumerable<string> pages)
    {
        string[] drawn = [.. pages];
        lock (random)
        {
            random.Shuffle(drawn);
            var share = SmallestShare + (LargestShare - SmallestShare) * random.NextDouble();
            return [.. drawn.Take((int)Math.Round(share * drawn.Length)).Select(page => (page, TimeSpan.FromSeconds(Seconds * (1 + Jitter * (2 * random.NextDouble() - 1)))))];
        }
    }
}
