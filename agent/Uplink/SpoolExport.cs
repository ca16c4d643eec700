using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Spool;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Uplink;

/// <param name="Batches">Written.</param>
/// <param name="Measurements">In them.</param>
/// <param name="Uncertified">Measurements left out, for no collector has certified their key yet.</param>
sealed record ExportedSpool(int Batches, int Measurements, int Uncertified);

/// <summary>
/// Writes what waits in a file that a person can carry (<see cref="CarriedFile"/>). Nothing is marked as sent: the
/// collector takes a batch twice and keeps it once.
/// </summary>
static class SpoolExport
{
    public static ExportedSpool Write(ChunkSpool spool, NetworkKeys keys, Stream output)
    {
        CarriedFile.WriteHead(output);
        var (batches, measurements, uncertified) = (0, 0, 0);
        foreach (var record in spool.Pending())
        {
            if (keys.Find(record.Tag) is not { Certified: not null } key)
            {
                uncertified += record.Count;
                continue;
            }
            if (spool.TryRead(record, out _) is not { } payload)
                continue;
            CarriedFile.Write(output, new() { Certificate = key.Certificate, Envelope = Envelope.Parser.ParseFrom(payload) });
            batches++;
            measurements += record.Count;
        }
        return new(batches, measurements, uncertified);
    }
}
