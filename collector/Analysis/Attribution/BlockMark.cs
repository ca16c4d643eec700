using System.Net;
using System.Text.RegularExpressions;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Observations;

namespace ProbeNet.Collector.Analysis.Attribution;

/// <summary>
/// What a blocking leaves that another could share: the device's or sink's token where there is one, otherwise the
/// mechanism. How much sharing it says depends on how rare it is.
/// </summary>
static partial class BlockMark
{
    const string Reset = "rst";

    // An order may name the page or address that resolvers answer with: sharing it is sharing the order, not the device.
    const string AtResolver = " at the resolver";
    const double AtResolverShare = 0.1;

    /// <summary>Chance that a provider with tools of its own shows the mark: the less, the more a shared one says.</summary>
    public static double Commonness(string mark)
    {
        if (!IsToken(mark))
            return Ordinary;
        var token = TokenOf(mark);
        if (token.EndsWith(AtResolver, StringComparison.Ordinal))
            return AtResolverShare;
        // An address that nobody holds is a convention before it is a device's mark (reference, Cambodia 2.4).
        if (AddressOf(token) is { } address)
            return Bogon.Is(address) ? 0.02 : 0.005;
        // Few kinds of stacks send resets; with the TTL's distance taken away little is left.
        return !token.StartsWith(Reset, StringComparison.Ordinal) ? 0.005 : BareReset().IsMatch(token) ? 0.3 : 0.02;
    }

    const double Ordinary = 0.5;

    /// <summary>Shared by two providers it says that they share more than a method.</summary>
    public static bool IsRare(string mark) => Commonness(mark) < AtResolverShare;

    /// <summary>
    /// The same mark without what distance does to it: a reset's TTL tells the sender's first TTL and how far it is. Unchanged where there is no TTL.
    /// </summary>
    public static string WithoutDistance(string mark) => !IsToken(mark) || !TokenOf(mark).StartsWith(Reset, StringComparison.Ordinal) ? mark
        : Ttl().Replace(mark, m => $"ttl of {int.Parse(m.Groups["ttl"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture) switch { <= 64 => 64, <= 128 => 128, _ => 255 }}");

    [GeneratedRegex("^rst:?ttl of [0-9]+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BareReset();

    [GeneratedRegex("ttl(?<ttl>[0-9]{1,3})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ttl();

    public static string Of(Sight sight)
    {
        var mechanism = sight.Mechanisms.Count == 0 ? "unknown" : sight.Mechanisms[0].Name;
        var token = sight.Mechanisms.Count == 0 ? null : sight.Tokens.Where(t => !IsConvention(t)).Order(StringComparer.Ordinal).FirstOrDefault();
        return token is null ? mechanism : mechanism + " " + token + (sight.Mechanisms[0].Via == Vias.Resolver ? AtResolver : "");
    }

    /// <summary>The mechanism of a mark.</summary>
    public static string MechanismOf(string mark) => IsToken(mark) ? mark[..mark.IndexOf(' ', StringComparison.Ordinal)] : mark;

    static bool IsToken(string mark) => mark.Contains(' ', StringComparison.Ordinal);

    static string TokenOf(string mark) => mark[(mark.IndexOf(' ', StringComparison.Ordinal) + 1)..];

    // "127.0.0.1" and its like are how one says "no" in DNS: on nine networks of one country they identified nobody.
    static bool IsConvention(string token) => AddressOf(token) is { } address
        && (IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) || address.Equals(IPAddress.Broadcast));

    static IPAddress? AddressOf(string token)
    {
        const string Kind = "address:";
        var text = token.StartsWith(Kind, StringComparison.Ordinal) ? token.AsSpan(Kind.Length) : token;
        return IPAddress.TryParse(text, out var address) ? address : null;
    }
}
