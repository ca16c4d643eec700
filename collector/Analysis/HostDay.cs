using System.Net;
using ProbeNet.Collector.Analysis.Controls;
using ProbeNet.Collector.Observations;

namespace ProbeNet.Collector.Analysis;

/// <summary>A host's day in a country while measurements are added to it.</summary>
/// <param name="Shared">Marks that names of other owners have.</param>
sealed record HostDay(string Cc, string Host, DateOnly Day, Judging Judging, UnitDayBuilder Builder, IReadOnlySet<string> Shared)
{
    /// <summary>What controls should be asked for; without an address the name alone.</summary>
    public HashSet<(string Input, IPAddress? Address)> Wishes { get; } = [];

    public async Task AddAsync(StoredMeasurement measurement, DateTimeOffset now, CancellationToken ct)
    {
        var (seen, judgement) = await Judging.JudgeAsync(measurement, ct);
        Builder.Add(measurement, seen?.Grain ?? 0, judgement);
        if (seen is not null && now - measurement.Time < ControlTimeline.Reach)
            Wishes.UnionWith(Judging.Untested(measurement, seen, judgement.Finding).Select(address => (measurement.Input, address)));
    }
}
