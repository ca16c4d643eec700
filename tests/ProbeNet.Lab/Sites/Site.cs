using System.Text.Json.Serialization;

namespace ProbeNet.Lab.Sites;

/// <summary>How a site behaves, to whom; what is not said is as with any site. Scenario files name the values in snake case.</summary>
sealed record Site
{
    public static Site Ordinary { get; } = new();

    public SiteName Name { get; init; }

    public SiteReach Reach { get; init; }

    public SiteCertificate Certificate { get; init; }

    public SiteAnswer Answer { get; init; }

    /// <summary>What a handshake for another name gets.</summary>
    public ForeignName Foreign { get; init; }

    /// <summary>Where every page of it leads to; an absolute URL. The `Location` is sent as it stands.</summary>
    public string? Redirect { get; init; }

    /// <summary>An answer of 302 to somebody inside leads there instead.</summary>
    public string? RedirectInside { get; init; }

    /// <summary>Answers Initial packets on UDP port 443.</summary>
    public bool Quic { get; init; } = true;

    /// <summary>Counts its certificates: another number is a renewed one.</summary>
    public int Generation { get; init; }
}

/// <summary>What the name servers say of it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SiteName>))]
enum SiteName
{
    /// <summary>One address of each family, the same for everybody.</summary>
    Fixed,

    /// <summary>No such name, for anybody.</summary>
    Dead,

    /// <summary>The name exists and has no address.</summary>
    [JsonStringEnumMemberName("no_address")]
    NoAddress,

    /// <summary>Its own computer's address, for everybody.</summary>
    Loopback,

    /// <summary>A content network: which of its edges, the asking resolver's address says.</summary>
    Cdn,

    /// <summary>It moved; resolvers inside the country still remember the old address.</summary>
    Moved,
}

[JsonConverter(typeof(JsonStringEnumConverter<SiteReach>))]
enum SiteReach
{
    Open,

    /// <summary>No packet is answered, whoever sends it.</summary>
    Dark,

    /// <summary>Every connection is refused, whoever tries.</summary>
    Refusing,

    /// <summary>Only the country's own networks get an answer.</summary>
    [JsonStringEnumMemberName("inside_only")]
    InsideOnly,
}

[JsonConverter(typeof(JsonStringEnumConverter<SiteCertificate>))]
enum SiteCertificate
{
    Valid,
    Expired,

    [JsonStringEnumMemberName("wrong_name")]
    WrongName,

    [JsonStringEnumMemberName("unknown_authority")]
    UnknownAuthority,
}

[JsonConverter(typeof(JsonStringEnumConverter<SiteAnswer>))]
enum SiteAnswer
{
    Page,

    /// <summary>More than 64 KiB.</summary>
    Large,

    /// <summary>The same page, at some kilobytes a second, for everybody.</summary>
    Slow,

    /// <summary>500 for everybody.</summary>
    Error,

    /// <summary>Every page leads to another, for everybody.</summary>
    Endless,

    /// <summary>Every third request gets 503, whoever asks.</summary>
    Flaky,

    /// <summary>403 for whoever asks from inside the country.</summary>
    [JsonStringEnumMemberName("refused_inside")]
    RefusedInside,

    /// <summary>451 for whoever asks from inside the country.</summary>
    [JsonStringEnumMemberName("unavailable_inside")]
    UnavailableInside,

    /// <summary>A page that wants to know whether the visitor is human, for whoever asks from inside the country.</summary>
    [JsonStringEnumMemberName("captcha_inside")]
    CaptchaInside,
}

[JsonConverter(typeof(JsonStringEnumConverter<ForeignName>))]
enum ForeignName
{
    /// <summary>The site's own certificate.</summary>
    Certificate,

    /// <summary>The alert unrecognized_name (RFC 6066, 3).</summary>
    Alert,
    Reset,
}
