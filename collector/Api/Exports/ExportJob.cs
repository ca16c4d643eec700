using System.Text.Json.Serialization;
using ProbeNet.Collector.Exchange;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api.Exports;

/// <summary>An export that was asked for, as it stands on disk beside its files. How far it is, its manifest says.</summary>
/// <param name="KeyId">Whose it is.</param>
/// <param name="Asked">The day on which it was asked for; no time of it is kept.</param>
/// <param name="Fault">Why it cannot go on; null as long as it can.</param>
sealed record ExportJob(string Id, string KeyId, ApiRole Role, string Kind, string Format, IReadOnlyDictionary<string, string> Filter, DateOnly Asked, string? Fault = null)
{
    [JsonIgnore]
    public Caller Caller => new(Role, KeyId);
}

/// <summary>A job with the manifest of its files.</summary>
sealed record ExportState(ExportJob Job, ExportManifest Manifest)
{
    public int Total => Manifest.Until.DayNumber - Manifest.Since.DayNumber;

    public bool IsOpen => Job.Fault is null && Manifest.Partitions.Count < Total;

    public ExportView View(TimeSpan kept) => new(
        Job.Id, Job.Kind, Job.Format, Job.Filter, Manifest.Since, Manifest.Until, Manifest.AsOf,
        Job.Fault is not null ? "failed" : IsOpen ? "running" : "done", Job.Fault, new(Manifest.Partitions.Count, Total),
        Job.Asked.AddDays((int)Math.Ceiling(kept.TotalDays)), [ExportFolder.ManifestName, .. Manifest.Partitions.Select(partition => partition.Name)]);
}

/// <param name="State">"running", "done" or "failed".</param>
/// <param name="Expires">The day on which it is removed.</param>
/// <param name="Files">Names below the export's own address; the manifest has their hashes.</param>
sealed record ExportView(
    string Id, string Kind, string Format, IReadOnlyDictionary<string, string> Filter, DateOnly Since, DateOnly Until, DateTimeOffset AsOf,
    string State, string? Fault, ExportProgress Progress, DateOnly Expires, IReadOnlyList<string> Files);

/// <summary>Days.</summary>
sealed record ExportProgress(int Done, int Total);
