namespace ProbeNet.Agent.Measurements;

/// <summary>Section <c>Agent:Localisation</c>.</summary>
sealed class LocalisationOptions
{
    public const string Section = "Agent:Localisation";

    /// <summary>On a UTC day, once they are turned on.</summary>
    public int PerDay { get; set; } = 10;
}
