using System.Security.Cryptography;
using System.Text;
using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Store;

/// <summary>Two unit days with the same print say the same.</summary>
static class UnitDayPrint
{
    public static IReadOnlySet<string> Of(IEnumerable<UnitDay> days) => days
        .Select(d => Of(d.Target, d.Asn, d.Unit.ToArray(), d.Group.ToArray(), (short)d.AsnSource, (short)d.Access, SightsCodec.Write(d.Day, d.Sights), d.Witness))
        .ToHashSet(StringComparer.Ordinal);

    public static string Of(string target, long asn, byte[] unit, byte[] group, short source, short access, byte[] findings, Guid witness)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{target} {asn} {source} {access} {witness} {unit.Length} {group.Length} "));
        hash.AppendData(unit);
        hash.AppendData(group);
        hash.AppendData(findings);
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
