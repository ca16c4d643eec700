using System.Globalization;

namespace ProbeNet.Collector.Store;

/// <summary>The target that an input belongs to: its host name, in lower case and IDNA.</summary>
static class TargetName
{
    // Both are safe to share: no state but their options.
    static readonly IdnMapping Idn = new() { AllowUnassigned = true };

    /// <param name="input">A URL or a host name, with or without a port.</param>
    /// <returns>The input itself, in lower case, when it has no host name.</returns>
    public static string Of(string input)
    {
        var host = Host(input).TrimEnd('.');
        if (host.Length == 0)
            return input.ToLowerInvariant();
        if (!host.All(char.IsAscii))
        {
            try
            {
                host = Idn.GetAscii(host.ToLowerInvariant());
            }
            catch (ArgumentException)
            {
                return host.ToLowerInvariant();
            }
        }
        return host.ToLowerInvariant();
    }

    static string Host(string input)
    {
        var rest = input.AsSpan();
        var scheme = rest.IndexOf("://", StringComparison.Ordinal);
        if (scheme >= 0)
            rest = rest[(scheme + 3)..];
        var end = rest.IndexOfAny('/', '?', '#');
        if (end >= 0)
            rest = rest[..end];
        rest = rest[(rest.LastIndexOf('@') + 1)..];
        if (rest.StartsWith("["))
            return rest[..(rest.IndexOf(']') + 1)].ToString();
        var colon = rest.IndexOf(':');
        // More than one: an IPv6 address without brackets.
        return (colon >= 0 && colon == rest.LastIndexOf(':') ? rest[..colon] : rest).ToString();
    }
}
