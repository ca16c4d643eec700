using System.Globalization;

namespace ProbeNet.Collector.Fleet.Lists;

/// <summary>One input of a list: whether agents can take it, and how it is written.</summary>
static class ListInput
{
    const int LongestUrl = 2048;
    const uint LongestCadence = 30 * 24;

    /// <returns>Null for an input that agents can take.</returns>
    public static string? Problem(string url)
    {
        if (url.Length > LongestUrl)
            return $"the URL is longer than {LongestUrl} characters";
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            return $"'{url}' is not an http or https URL";
        return uri.HostNameType is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6 && uri.IdnHost.Length > 0 && uri.UserInfo.Length == 0
            ? null
            : $"'{url}' has no usable host name";
    }

    /// <summary>Scheme and host in small letters, no port where it is the scheme's own, a path in any case. The path stays as it was written: servers tell its spellings apart.</summary>
    public static string Normalise(string url)
    {
        var start = url.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = url.AsSpan(start).IndexOfAny('/', '?', '#') is var found and >= 0 ? start + found : url.Length;
        var scheme = url[..start].ToLowerInvariant();
        var authority = url[start..end].ToLowerInvariant();
        var own = scheme == "https://" ? ":443" : ":80";
        if (authority.EndsWith(own, StringComparison.Ordinal))
            authority = authority[..^own.Length];
        return scheme + authority + (end < url.Length && url[end] == '/' ? "" : "/") + url[end..];
    }

    /// <returns>0 for nothing; null for what is no cadence.</returns>
    public static uint? Hours(string text)
    {
        if (text.Length == 0)
            return 0;
        var unit = text[^1] switch { 'h' => 1u, 'd' => 24u, _ => 0u };
        return unit > 0 && uint.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= LongestCadence && number * unit <= LongestCadence
            ? number * unit
            : null;
    }

    public static string Cadence(uint hours) =>
        hours == 0 ? "" : hours % 24 == 0 ? string.Create(CultureInfo.InvariantCulture, $"{hours / 24}d") : string.Create(CultureInfo.InvariantCulture, $"{hours}h");
}
