namespace ProbeNet.Collector.Api.Evidence;

/// <summary>Collector:Timestamps.</summary>
sealed class TimestampOptions
{
    public const string Section = "Collector:Timestamps";

    /// <summary>Address of an authority that stamps heads of the log (RFC 3161 over HTTP); null: none is asked. It learns a hash and when it was asked.</summary>
    public Uri? Authority { get; set; }
}
