namespace ProbeNet.Lab.Recognition;

/// <summary>Who goes over the list.</summary>
static class Programs
{
    public const string Agent = "agent", Curl = "curl", Browser = "browser";

    public static readonly IReadOnlyList<string> All = [Agent, Curl, Browser];
}
