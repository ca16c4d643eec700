using System.Net;
using ProbeNet.Collector.Observations;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Fleet.Enrolment;

/// <summary>To which network a key belongs (contract 4).</summary>
sealed class NetworkLookup(AsnTable table)
{
    /// <returns>ASN 0 and an empty country where nothing is known.</returns>
    public (uint Asn, AsnSource Source, string Cc) Of(KeyRequest request, IPAddress? address)
    {
        if (request.Direct && address is not null && table.TryFind(address, out var seen))
            return (seen.Asn, AsnSource.Bound, seen.Cc);
        var cc = request.Cc.Length == 2 ? request.Cc.ToUpperInvariant() : "";
        return request.Asn != 0 ? (request.Asn, AsnSource.Agent, cc) : (0, AsnSource.Unknown, cc);
    }
}
