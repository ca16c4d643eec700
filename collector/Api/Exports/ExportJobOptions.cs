namespace ProbeNet.Collector.Api.Exports;

/// <summary>Collector:Exports.</summary>
sealed class ExportJobOptions
{
    public const string Section = "Collector:Exports";

    /// <summary>Exports that are kept at one time, finished or not.</summary>
    public int Most { get; set; } = 20;

    /// <summary>Of them, those that one key may have.</summary>
    public int MostOfKey { get; set; } = 5;

    /// <summary>Days of one export.</summary>
    public int Days { get; set; } = 400;

    /// <summary>How long an export is kept, from the day on which it was asked for.</summary>
    public TimeSpan Kept { get; set; } = TimeSpan.FromDays(7);
}
