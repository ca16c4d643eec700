using System.Net;

namespace ProbeNet.Lab.Interference;

/// <param name="Name">Lower case.</param>
/// <param name="Tls">From a ClientHello; else from a Host header.</param>
/// <param name="Visitor">Who connects.</param>
/// <param name="Path">Of a request in clear text; empty for a hello.</param>
readonly record struct StreamName(string Name, bool Tls, IPAddress Visitor, string Path = "");

/// <summary>What the box does to a connection.</summary>
/// <param name="ResetsBoth">A forged reset goes to both ends.</param>
/// <param name="Page">A forged answer, after which the connection is closed, goes to the client and a reset to the server. Empty is the closing alone.</param>
sealed record StreamAction(bool ResetsBoth, byte[]? Page)
{
    public static StreamAction Reset { get; } = new(ResetsBoth: true, null);

    public static StreamAction Silence { get; } = new(ResetsBoth: false, null);

    public static StreamAction Close { get; } = new(ResetsBoth: false, []);

    /// <summary>The connection passes, and what comes back on it is policed.</summary>
    public static StreamAction Slow { get; } = new(ResetsBoth: false, null) { Slows = true };

    public bool Slows { get; private init; }

    /// <summary>For how long the same client, address and port stay silent afterwards.</summary>
    public TimeSpan Residual { get; init; }

    public static StreamAction Answer(byte[] page) => new(ResetsBoth: false, page);
}
