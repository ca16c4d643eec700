using System.Globalization;
using System.Net;

namespace ProbeNet.Agent.Identity;

/// <summary>Reads the default gateway out of /proc/net (proc(5): route, ipv6_route, arp).</summary>
static class LinuxGateway
{
    const int Up = 0x1;
    const int Reject = 0x200;
    const string UnknownHardware = "00:00:00:00:00:00";

    /// <param name="folder">/proc/net.</param>
    /// <param name="only">The interface that the agent is bound to; null where it is bound to none.</param>
    public static Gateway Read(string folder, string? only)
    {
        var gateway = ReadIPv4(Lines(folder, "route"), only) ?? ReadIPv6(Lines(folder, "ipv6_route"), only) ?? Gateway.None;
        return gateway with { Hardware = ReadHardware(Lines(folder, "arp"), gateway) };
    }

    static Gateway? ReadIPv4(IEnumerable<string[]> lines, string? only) =>
        lines.Where(f => f.Length >= 8 && f[1] == "00000000" && f[7] == "00000000" && (Hex(f[3]) & Up) != 0 && Wanted(f[0], only))
            .OrderBy(f => int.TryParse(f[6], CultureInfo.InvariantCulture, out var metric) ? metric : int.MaxValue)
            .Select(f => (Gateway?)new Gateway(f[0], new IPAddress(Hex(f[2])).ToString(), ""))
            .FirstOrDefault();

    // IPv6 decides only where there is no IPv4: at start the one often comes seconds after the other.
    static Gateway? ReadIPv6(IEnumerable<string[]> lines, string? only) =>
        lines.Where(f => f.Length >= 10 && f[1] == "00" && f[0].All(c => c == '0') && f[9] != "lo" && Wanted(f[9], only))
            .Where(f => (Hex(f[8]) & Up) != 0 && (Hex(f[8]) & Reject) == 0)
            .OrderBy(f => Hex(f[5]))
            .Select(f => (Gateway?)new Gateway(f[9], f[4], ""))
            .FirstOrDefault();

    static string ReadHardware(IEnumerable<string[]> lines, Gateway gateway) =>
        lines.Where(f => f.Length >= 6 && f[0] == gateway.Address && f[5] == gateway.Interface && f[3] != UnknownHardware)
            .Select(f => f[3])
            .FirstOrDefault() ?? "";

    static bool Wanted(string name, string? only) => only is null || only == name;

    static long Hex(string text) =>
        long.TryParse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var value) ? value : 0;

    static IEnumerable<string[]> Lines(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        return File.Exists(path)
            ? File.ReadLines(path).Select(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
            : [];
    }
}
