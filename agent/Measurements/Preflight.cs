using System.Net;
using ProbeNet.Agent.Probes;
using ProbeNet.Agent.Probes.Http;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Measurements;

/// <summary>What the references of a run say together of the network they were tried on. Pure but for the machine's own authorities.</summary>
static class Preflight
{
    const int AuthenticationRequired = 511;

    public static void Conclude(NetworkCheck check, IReadOnlyList<ReferenceSight> sights) => Conclude(check, sights, AddedAuthorities.Known);

    /// <param name="added">SHA-256 in hexadecimal of authorities that somebody added to this machine.</param>
    public static void Conclude(NetworkCheck check, IReadOnlyList<ReferenceSight> sights, IReadOnlySet<string> added)
    {
        check.Portal = Portal(sights);
        var ipv6 = sights.Select(one => one.Ipv6).OfType<bool>().ToArray();
        check.Ipv6State = ipv6.Length == 0 ? "" : ipv6.Any(works => works) ? NetworkStates.Works : NetworkStates.Broken;
        // The median of clocks that nobody set for us: one that is wrong does not count.
        var skews = sights.Select(one => one.Skew).OfType<TimeSpan>().Order().ToArray();
        check.ClockKnown = skews.Length > 0;
        check.ClockMinutes = skews.Length > 0 ? (int)Math.Round(Math.Clamp(skews[skews.Length / 2].TotalMinutes, -1_000_000, 1_000_000)) : 0;
        check.Filter = sights.Any(one => one.Root is { } root && added.Contains(Convert.ToHexStringLower(root)));
    }

    // RFC 6585, 6; a redirect into the home; or two sites of different owners that send the visitor to one and the same third.
    static string Portal(IReadOnlyList<ReferenceSight> sights)
    {
        var asked = sights.Where(one => one.ClearRedirect is not null).ToArray();
        if (asked.Length == 0)
            return "";
        if (asked.Any(one => one.ClearStatus == AuthenticationRequired || IsHome(one.ClearRedirect!)))
            return NetworkStates.Portal;
        var foreign = asked.Where(IsForeign).GroupBy(one => one.ClearRedirect!, StringComparer.OrdinalIgnoreCase);
        return foreign.Any(same => same.Select(OwnerOf).Distinct(StringComparer.Ordinal).Count() > 1) ? NetworkStates.Portal : NetworkStates.Open;
    }

    static bool IsHome(string host) => IPAddress.TryParse(host.Trim('[', ']'), out var address) && !AddressPolicy.IsPublic(address);

    static bool IsForeign(ReferenceSight sight) =>
        sight.ClearRedirect!.Length > 0 && RegistrableDomain.Of(sight.ClearRedirect) != OwnerOf(sight);

    static string OwnerOf(ReferenceSight sight) =>
        WebMeasurement.TryReadInput(sight.Reference.Input, out var url) ? RegistrableDomain.Of(url.IdnHost) : "";
}
