using System.Net;

namespace ProbeNet.Agent.Probes.Http;

/// <summary>
/// Where a redirect may lead a volunteer: within the registrable domain, to a host on the list that the volunteer's
/// consent covers, or once to the page of a known blockpage. Anything else is noted and left alone.
/// </summary>
/// <param name="consented">True for the host of an entry that consent covers.</param>
sealed class RedirectRule(Func<string, bool> consented)
{
    /// <summary>Hops after the first request.</summary>
    public const int MostHops = 10;

    public const string TooMany = "too_many";
    public const string Scheme = "scheme";
    public const string Port = "port";
    public const string UserInfo = "user_info";
    public const string ForeignHost = "foreign_host";
    public const string Loop = "loop";
    public const string NotPublic = "not_public";

    readonly HashSet<string> _visited = new(StringComparer.Ordinal);
    bool _blockpageSeen;

    /// <summary>Answers for one redirect, and remembers it.</summary>
    /// <param name="fingerprinted">The response that redirects matched a blockpage of the list.</param>
    /// <returns>Why it is not followed; empty when it is.</returns>
    public string Judge(Uri input, Uri from, Uri target, bool fingerprinted)
    {
        _visited.Add(from.AbsoluteUri);
        if (target.Scheme != Uri.UriSchemeHttp && target.Scheme != Uri.UriSchemeHttps)
            return Scheme;
        if (!target.IsDefaultPort && target.Port is not (80 or 443))
            return Port;
        if (target.UserInfo.Length > 0)
            return UserInfo;
        if (IPAddress.TryParse(target.IdnHost.Trim('[', ']'), out var literal) && !AddressPolicy.IsPublic(literal))
            return NotPublic;
        if (_visited.Contains(target.AbsoluteUri))
            return Loop;
        if (_visited.Count > MostHops)
            return TooMany;
        if (RegistrableDomain.Of(target.IdnHost) == RegistrableDomain.Of(input.IdnHost) || consented(target.IdnHost))
            return "";
        if (!fingerprinted || _blockpageSeen)
            return ForeignHost;
        _blockpageSeen = true;
        return "";
    }

    /// <summary>
    /// A redirect as it may be kept: what nobody listed loses its query string and fragment, in which devices put
    /// visitors' names.
    /// </summary>
    public static string Keep(Uri target, bool listed) =>
        target.GetComponents(listed ? UriComponents.HttpRequestUrl : UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
}
