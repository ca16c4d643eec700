namespace ProbeNet.Testing;

/// <summary>Debian's browser, and how it runs without a window, a proxy or a word to its maker.</summary>
public static class Chromium
{
    const string Program = "/usr/bin/chromium";

    /// <exception cref="ServerMissingException">It is not installed.</exception>
    public static string Path => File.Exists(Program) ? Program : throw new ServerMissingException("Chromium is not installed");

    public static IReadOnlyList<string> Arguments { get; } = ["--disable-dev-shm-usage", "--disable-gpu", "--no-proxy-server", "--disable-background-networking", "--disable-component-update"];
}
