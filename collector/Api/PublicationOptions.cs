namespace ProbeNet.Collector.Api;

/// <summary>Collector:Publication.</summary>
sealed class PublicationOptions
{
    public const string Section = "Collector:Publication";

    /// <summary>Volunteers that a slice needs before the public sees anything of it.</summary>
    public int MinimumUnits { get; set; } = 3;

    /// <summary>How long after its end a day becomes public; 0 shows the day in progress.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromHours(24);

    public string Licence { get; set; } = "CC BY 4.0";
}
