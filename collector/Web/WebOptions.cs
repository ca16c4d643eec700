namespace ProbeNet.Collector.Web;

/// <summary>Collector:Web.</summary>
sealed class WebOptions
{
    public const string Section = "Collector:Web";

    /// <summary>Stands above every page; empty for none.</summary>
    public string Banner { get; set; } = "";

    /// <summary>Stand below every page: whose data besides the lists is shown, and its licence.</summary>
    public string[] Attributions { get; set; } = [];

    /// <summary>Where whoever is spoken of in a finding can answer: an https address, an e-mail address, or words; empty for none.</summary>
    public string Contact { get; set; } = "";
}
