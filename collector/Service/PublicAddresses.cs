using System.Net;

namespace ProbeNet.Collector.Service;

/// <summary>Where agents reach this collector: Collector:PublicAddresses, or this machine's name and the listener's port.</summary>
static class PublicAddresses
{
    const string Key = "Collector:PublicAddresses";

    public static bool AreSet(IConfiguration configuration) => configuration.GetSection(Key).GetChildren().Any();

    /// <exception cref="CommandFailure">One of them is no address.</exception>
    public static IReadOnlyList<Uri> Of(IConfiguration configuration)
    {
        var given = configuration.GetSection(Key).GetChildren().Select(child => child.Value ?? "").Where(value => value.Length > 0).ToList();
        if (given.Count > 0)
            return [.. given.Select(Parse)];
        // Kestrel's wildcards are no host names of a Uri.
        var listener = configuration["Kestrel:Endpoints:Agents:Url"]!.Replace("//*", "//0.0.0.0", StringComparison.Ordinal).Replace("//+", "//0.0.0.0", StringComparison.Ordinal);
        var uri = new UriBuilder(Parse(listener));
        if (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)))
            uri.Host = Dns.GetHostName();
        return [uri.Uri];
    }

    static Uri Parse(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http"
            ? new Uri(value)
            : throw new CommandFailure($"{Key}: '{value}' is not an https:// address.");
}
