using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Fleet.Lists;

/// <summary>What controls saw in the last week of the hosts of a list.</summary>
/// <param name="Unreached">Tried from two networks or more, and never reached. Host names as rows have them.</param>
/// <param name="Parked">Hosts whose page offers the name for sale.</param>
sealed record ControlSights(IReadOnlySet<string> Unreached, IReadOnlySet<string> Parked)
{
    public IEnumerable<ListFinding> Of(TestList list)
    {
        foreach (var entry in list.Entries)
        {
            var host = HostOf(entry.Input);
            if (Unreached.Contains(host))
                yield return new(ListFindingKind.Dead, entry.Input, "no control reached it in a week");
            else if (Parked.Contains(host))
                yield return new(ListFindingKind.Parked, entry.Input, "controls get a page that offers the name for sale");
        }
    }

    /// <summary>As rows have it.</summary>
    public static string HostOf(string input) => new Uri(input).IdnHost.TrimEnd('.').ToLowerInvariant();
}
