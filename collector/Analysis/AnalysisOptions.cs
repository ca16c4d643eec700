using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Analysis.Moves;
using ProbeNet.Collector.Analysis.Trust;

namespace ProbeNet.Collector.Analysis;

/// <summary>Collector:Analysis.</summary>
sealed class AnalysisOptions
{
    public const string Section = "Collector:Analysis";

    /// <summary>How far apart a unit's first and last sight must be for "blocked".</summary>
    public TimeSpan Sustained { get; set; } = CellRules.Default.Sustained;

    /// <summary>How often marked days are looked for.</summary>
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(1);

    public CellRules Rules => new(Sustained);
}

/// <summary>Files that a setting names: one path, several separated by ';', or a list of paths.</summary>
static class ConfiguredFiles
{
    const string FingerprintsKey = "Collector:Fingerprints";
    const string CalendarKey = "Collector:Calendar";
    const string CanariesKey = "Collector:Canaries";

    /// <exception cref="InvalidDataException">A file is not there, or not in OONI's columns.</exception>
    public static FingerprintSet Fingerprints(IConfiguration configuration) => FingerprintFile.Load(Of(configuration, FingerprintsKey));

    /// <exception cref="InvalidDataException">A file is not there, or no calendar.</exception>
    public static CalendarSet Calendar(IConfiguration configuration) => new([.. Of(configuration, CalendarKey).SelectMany(path => Read(path, CalendarSet.Read))]);

    /// <exception cref="InvalidDataException">A file is not there, or has no canaries.</exception>
    public static CanarySet Canaries(IConfiguration configuration) =>
        new(Of(configuration, CanariesKey).SelectMany(path => Read(path, CanarySet.Read)).DistinctBy(c => c.Key).ToDictionary(StringComparer.Ordinal));

    static IEnumerable<T> Read<T>(string path, Func<TextReader, string, IEnumerable<T>> entries)
    {
        using var reader = File.OpenText(path);
        foreach (var entry in entries(reader, path))
            yield return entry;
    }

    static string[] Of(IConfiguration configuration, string key)
    {
        var section = configuration.GetSection(key);
        string[] paths =
        [
            .. (section.Value ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            .. section.GetChildren().Select(c => c.Value).OfType<string>(),
        ];
        return Array.Find(paths, path => !File.Exists(path)) is { } missing ? throw new InvalidDataException($"{key}: there is no file {missing}.") : paths;
    }
}
