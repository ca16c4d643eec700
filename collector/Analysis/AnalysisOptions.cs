using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Fingerprints;

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

/// <summary>Collector:Fingerprints: one path, several separated by ';', or a list of paths.</summary>
static class FingerprintFiles
{
    const string Key = "Collector:Fingerprints";

    /// <exception cref="InvalidDataException">A file is not there, or not in OONI's columns.</exception>
    public static FingerprintSet Load(IConfiguration configuration)
    {
        var section = configuration.GetSection(Key);
        string[] paths =
        [
            .. (section.Value ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            .. section.GetChildren().Select(c => c.Value).OfType<string>(),
        ];
        return Array.Find(paths, path => !File.Exists(path)) is { } missing
            ? throw new InvalidDataException($"{Key}: there is no file {missing}.")
            : FingerprintFile.Load(paths);
    }
}
