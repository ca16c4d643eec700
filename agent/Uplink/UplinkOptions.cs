namespace ProbeNet.Agent.Uplink;

enum SessionMode
{
    /// <summary>Connects 2 to 6 times a day at random times, delivers, fetches lists and tasks, closes.</summary>
    Brief,

    /// <summary>Stays connected. For controls, and volunteers who chose it.</summary>
    Standing,
}

/// <summary>Section <c>Agent</c>.</summary>
sealed class UplinkOptions
{
    public SessionOptions Session { get; set; } = new();

    public UploadOptions Upload { get; set; } = new();

    public bool IsValid() => Upload.Delay >= TimeSpan.Zero && (Upload.Proxy.Length == 0 || ProxyAddress() is not null);

    /// <returns>Null where there is none, or where it is neither <c>http://</c> nor <c>socks5://</c>.</returns>
    public Uri? ProxyAddress() =>
        Uri.TryCreate(Upload.Proxy, UriKind.Absolute, out var proxy) && proxy.Scheme is "http" or "socks5" ? proxy : null;
}

sealed class SessionOptions
{
    /// <summary>Null: standing for a control, brief for everybody else.</summary>
    public SessionMode? Mode { get; set; }
}

sealed class UploadOptions
{
    /// <summary>The longest random wait; zero sends at once.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromMinutes(10);

    public string Proxy { get; set; } = "";
}
