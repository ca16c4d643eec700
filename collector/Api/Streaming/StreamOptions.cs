namespace ProbeNet.Collector.Api.Streaming;

/// <summary>Collector:Stream.</summary>
sealed class StreamOptions
{
    public const string Section = "Collector:Stream";

    /// <summary>Readers at one time.</summary>
    public int Most { get; set; } = 100;

    /// <summary>Of them, those of one key.</summary>
    public int MostOfKey { get; set; } = 5;

    /// <summary>After so long without news a reader is told that there is none, and whether the key is still in force is looked up.</summary>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromSeconds(15);
}
