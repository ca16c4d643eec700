namespace ProbeNet.Collector.Fleet.Lists;

enum ListFindingKind
{
    /// <summary>Several inputs for one site: they differ in scheme, `www.` or path.</summary>
    SiteTwice,

    /// <summary>One site under several categories: consent to one of them lets its host be opened for the other too.</summary>
    CategoryConflict,

    /// <summary>A page inside a platform, which cannot be told from the platform.</summary>
    PlatformPage,

    /// <summary>A page over TLS: what is measured is its whole host.</summary>
    DeepLink,

    /// <summary>A file to download: it costs a volunteer more than a page.</summary>
    Document,

    /// <summary>The part after # is never sent.</summary>
    Fragment,

    /// <summary>A note of blanks alone.</summary>
    BlankNote,

    UnknownCategory,
    RiskyCategory,
    Port,
    Address,

    /// <summary>No control reached it for a week. It raises no alarm while that lasts.</summary>
    Dead,

    /// <summary>What controls got is a page that offers the name for sale.</summary>
    Parked,

    Empty,
    TooLong,
    Priorities,
    Cadences,
    References,
    Prefixes,
    Licence,
}

/// <param name="Subject">A site, an input or a category; empty where the list as a whole is meant.</param>
sealed record ListFinding(ListFindingKind Finding, string Subject, string Detail);
