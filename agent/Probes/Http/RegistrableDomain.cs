using System.Net;

namespace ProbeNet.Agent.Probes.Http;

/// <summary>
/// The part of a host name that one owner registered. A public-suffix list would be larger than the agent needs and
/// has to be kept current; this follows the registries' habit instead: under a country's top level a second level of
/// the usual kinds (com, gov, ac …) is a suffix, and so are a few hosts that hand out names. Where it is wrong about a
/// suffix it does not know, the domain comes out too wide by a registry's own name; where it is wrong about an owner
/// called `co.xx`, too narrow, and a redirect is not followed.
/// </summary>
static class RegistrableDomain
{
    static readonly HashSet<string> SecondLevels = new(StringComparer.Ordinal)
    {
        "ac", "asn", "biz", "co", "com", "coop", "ed", "edu", "firm", "gen", "go", "gob", "gouv", "gov", "govt", "gv", "id", "idf",
        "in", "ind", "inf", "info", "int", "k12", "lg", "ltd", "me", "mi", "mil", "mod", "mus", "muni", "ne", "net", "nhs", "nic",
        "nom", "or", "org", "per", "plc", "police", "presse", "pro", "res", "sch", "school", "sci", "tm", "tv", "web",
    };

    static readonly HashSet<string> NameGivers = new(StringComparer.Ordinal)
    {
        "appspot.com", "azurewebsites.net", "blogspot.com", "cloudfront.net", "firebaseapp.com", "fly.dev", "github.io", "gitlab.io",
        "herokuapp.com", "netlify.app", "onrender.com", "pages.dev", "tumblr.com", "vercel.app", "web.app",
        "weebly.com", "wixsite.com", "wordpress.com", "workers.dev",
    };

    /// <returns>The host itself where it is an address, a single label or a suffix.</returns>
    public static string Of(string host)
    {
        var name = host.TrimEnd('.').ToLowerInvariant();
        if (IPAddress.TryParse(name, out _))
            return name;
        var labels = name.Split('.');
        var suffix = SuffixLabels(labels);
        return labels.Length <= suffix ? name : string.Join('.', labels[^(suffix + 1)..]);
    }

    static int SuffixLabels(string[] labels)
    {
        if (labels.Length >= 2 && NameGivers.Contains(string.Join('.', labels[^2..])))
            return 2;
        return labels.Length >= 2 && labels[^1].Length == 2 && SecondLevels.Contains(labels[^2]) ? 2 : 1;
    }
}
