using System.Net;

namespace ProbeNet.Lab.Interference;

/// <param name="Name">Lower case.</param>
/// <param name="Tls">From a ClientHello; else from a Host header.</param>
/// <param name="Visitor">Who connects.</param>
readonly record struct StreamName(string Name, bool Tls, IPAddress Visitor);

/// <summary>What the box does to a connection.</summary>
/// <param name="ResetsBoth">A forged reset goes to both ends.</param>
/// <param name="Page">A forged answer goes to the client and a reset to the server.</param>
sealed record StreamAction(bool ResetsBoth, byte[]? Page)
{
    public static StreamAction Reset { get; } = new(ResetsBoth: true, null);

    public static StreamAction Silence { get; } = new(ResetsBoth: false, null);

    public static StreamAction Answer(byte[] page) => new(ResetsBoth: false, page);
}
