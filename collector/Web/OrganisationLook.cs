using ProbeNet.Collector.Analysis.Attribution;

namespace ProbeNet.Collector.Web;

/// <summary>How an organisation of blocking is worded: what was seen, and never who is to blame. In English, for <see cref="Reader.Say"/>.</summary>
static class OrganisationLook
{
    public static string Name(string word) => word switch
    {
        Organisations.Independent => "each provider by itself",
        Organisations.Order => "one list, separate tools",
        Organisations.Hybrid => "alike devices inside each provider",
        Organisations.Gateway => "one place for all providers",
        Organisations.Central => "one system",
        Organisations.Coordinated => "coordinated",
        Organisations.Undetermined => "cannot be told",
        Organisations.Insufficient => "not enough data",
        _ => throw new ArgumentOutOfRangeException(nameof(word), word, null),
    };

    public static string Sentence(string word) => word switch
    {
        Organisations.Independent => "What providers block and how they do it agrees no more than chance explains: each seems to decide for itself.",
        Organisations.Order => "Providers block the same sites, each with tools of its own: consistent with one list that all of them follow.",
        Organisations.Hybrid => "Providers block the same sites in the same way, each inside its own network: consistent with alike devices that are run as one.",
        Organisations.Gateway => "Providers block the same sites in the same way, in one network that their traffic passes: consistent with filtering in one place.",
        Organisations.Central => "Providers block the same sites in the same way: consistent with one system. Whether it is in one place or in each network was not told apart.",
        Organisations.Coordinated => "Providers do not decide each for itself. What joins them, a list or a system, was not told apart.",
        Organisations.Undetermined => "There is enough to compare, and it does not tell the explanations apart.",
        Organisations.Insufficient => "Too few independent volunteers looked from too few providers: nothing can be said of how the blocking is organised.",
        _ => throw new ArgumentOutOfRangeException(nameof(word), word, null),
    };

    /// <summary>Of one target or event.</summary>
    public static string OfTarget(string word) => word switch
    {
        Organisations.Alike => "the same device or sink at most providers",
        Organisations.Different => "tools of their own",
        Organisations.Coordinated => "began together",
        Organisations.Insufficient => "not enough to compare",
        _ => throw new ArgumentOutOfRangeException(nameof(word), word, null),
    };

    static readonly string[] Words =
    [
        Organisations.Independent, Organisations.Order, Organisations.Hybrid, Organisations.Gateway, Organisations.Central, Organisations.Coordinated,
        Organisations.Undetermined, Organisations.Insufficient,
    ];

    public static IEnumerable<string> Texts =>
    [
        .. Words.Select(Name), .. Words.Select(Sentence),
        .. new[] { Organisations.Alike, Organisations.Different, Organisations.Coordinated, Organisations.Insufficient }.Select(OfTarget),
    ];
}
