using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Fleet;

/// <summary>A signed version of a list and whom it is meant for. Empty sets mean everybody.</summary>
sealed record ListRelease(string List, ulong Version, IReadOnlySet<string> TargetCc, IReadOnlySet<uint> TargetAsn, DateOnly Expires, SignedTestList Signed)
{
    public bool IsFor(string cc, uint asn) =>
        (TargetCc.Count == 0 || TargetCc.Contains(cc)) && (TargetAsn.Count == 0 || TargetAsn.Contains(asn));

    /// <summary>A list for some providers goes before one for a country, that before one for everybody.</summary>
    public int Narrowness => (TargetAsn.Count > 0 ? 2 : 0) + (TargetCc.Count > 0 ? 1 : 0);
}
