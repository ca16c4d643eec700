using System.Net;

namespace ProbeNet.Collector.Observations;

/// <summary>Names as everything here compares them: lower case, in ASCII form, without a trailing dot.</summary>
static class HostName
{
    // Public suffixes of two labels are many; those second labels are what country registries use, and a wrong guess only
    // makes two names of one owner count as two owners, never the other way round.
    static readonly HashSet<string> SecondLevel =
        new(["ac", "co", "com", "edu", "gov", "mil", "net", "ne", "or", "org", "per", "go", "gob", "gouv", "nom", "info", "biz"], StringComparer.Ordinal);

    public static string Normal(string name) => name.TrimEnd('.').ToLowerInvariant();

    public static string Of(Uri url) => Normal(url.IdnHost);

    /// <summary>The part of a name that one owner registers: example.com.kh of www.example.com.kh.</summary>
    public static string Registrable(string name)
    {
        if (IPAddress.TryParse(name, out _))
            return name;
        var labels = name.Split('.');
        if (labels.Length <= 2)
            return name;
        var take = labels[^1].Length == 2 && SecondLevel.Contains(labels[^2]) ? 3 : 2;
        return string.Join('.', labels[^Math.Min(take, labels.Length)..]);
    }
}
