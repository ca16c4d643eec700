namespace ProbeNet.Collector.Fleet.Lists;

/// <summary>What two inputs share when they are the same site to a reader: the host name without scheme and `www.`.</summary>
static class SiteKey
{
    public static string Of(string input) => Of(new Uri(input));

    public static string Of(Uri input)
    {
        var host = input.IdnHost.TrimEnd('.').ToLowerInvariant();
        return host.StartsWith("www.", StringComparison.Ordinal) && host.IndexOf('.', 4) > 0 ? host[4..] : host;
    }
}
