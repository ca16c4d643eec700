using System.Globalization;

namespace ProbeNet.Collector.Tests.Analysis.Worlds;

/// <summary>Worlds of every kind from consecutive seeds, judged once for all tests.</summary>
sealed class MadeCountries
{
    // Thresholds were tuned on seeds below 1000.
    const int TuningSeed = 1;
    const int ReportSeed = 5000;

    public static readonly bool Full = Environment.GetEnvironmentVariable("PROBENET_FULL") is not null;

    static readonly int Count = Full ? 250 : 10;

    static readonly Lazy<MadeCountries> Held = new(() => new(Number("PROBENET_WORLD_SEED") ?? ReportSeed, Number("PROBENET_WORLDS") ?? Count));

    static readonly Lazy<MadeCountries?> Fitted = new(() => Full ? new(TuningSeed, Count) : null);

    MadeCountries(int first, int count)
    {
        (First, Each) = (first, count);
        var plans = Enum.GetValues<WorldKind>().SelectMany(kind => Enumerable.Range(first, count).Select(seed => WorldPlan.Draw(kind, seed))).ToArray();
        var results = new WorldResult[plans.Length];
        Parallel.For(0, plans.Length, new() { MaxDegreeOfParallelism = Environment.ProcessorCount }, i => results[i] = WorldResult.Of(WorldMaker.Make(plans[i])));
        Results = results;
    }

    /// <summary>On seeds that nothing was tuned on: what counts.</summary>
    public static MadeCountries Reported => Held.Value;

    /// <summary>On the seeds that thresholds were tuned on, in the full form: printed beside.</summary>
    public static MadeCountries? Tuned => Fitted.Value;

    public int First { get; }

    public int Each { get; }

    public IReadOnlyList<WorldResult> Results { get; }

    public string Title => string.Create(CultureInfo.InvariantCulture, $"== {Each} worlds of each kind, seeds {First} to {First + Each - 1}");

    static int? Number(string variable) => Environment.GetEnvironmentVariable(variable) is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
