using ProbeNet.Agent.Measurements;

namespace ProbeNet.Agent.Service.Output;

/// <param name="Layer">Where it failed: dns, tcp, tls, http; null where nothing failed.</param>
/// <param name="NotSent">Why it was not kept for sending; null when it was.</param>
sealed record HistoryItem(DateTimeOffset Time, string Input, string Reason, string? Layer, string? Failure, uint? Status, string? NotSent)
{
    public static HistoryItem Of(HistoryEntry entry) => new(
        DateTimeOffset.FromUnixTimeSeconds(entry.Time), entry.Input, entry.Reason,
        Text(entry.Layer), Text(entry.Failure), entry.Status == 0 ? null : entry.Status, Text(entry.Dropped));

    static string? Text(string text) => text.Length > 0 ? text : null;
}

sealed record HistoryView(IReadOnlyList<HistoryItem> Items);
