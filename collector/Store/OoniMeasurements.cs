using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Npgsql;
using ProbeNet.Collector.Observations;
using ProbeNet.Collector.Observations.Ooni;

namespace ProbeNet.Collector.Store;

/// <summary>Imported measurements of OONI's, each once.</summary>
sealed class OoniMeasurements(NpgsqlDataSource source)
{
    /// <returns>False when it is there already.</returns>
    public async Task<bool> AddAsync(OoniMeasurement measurement, DateOnly today, CancellationToken ct)
    {
        await using var command = source.CreateCommand(
            """
            insert into ooni_measurement (uid, time, cc, asn, input, target, report_id, software_version, blocking, accessible, dns_consistency, facts, helper, imported)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict do nothing
            """);
        object?[] values =
        [
            UidOf(measurement), measurement.Time, measurement.Cc, measurement.Asn, measurement.Facts.Input,
            ObservationParser.HostOfInput(measurement.Facts.Input), measurement.ReportId, measurement.SoftwareVersion,
            measurement.Verdict.Blocking, measurement.Verdict.Accessible, measurement.Verdict.DnsConsistency, measurement.Facts.ToByteArray(), measurement.Helper?.ToByteArray(), today,
        ];
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value ?? DBNull.Value });
        return await command.ExecuteNonQueryAsync(ct) == 1;
    }

    public static Guid UidOf(OoniMeasurement measurement)
    {
        var time = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(time, measurement.Time.ToUnixTimeSeconds());
        var text = Encoding.UTF8.GetBytes($"{measurement.ReportId}\n{measurement.Facts.Input}\n");
        return new Guid(SHA256.HashData([.. text, .. time, .. measurement.Facts.ToByteArray()]).AsSpan(0, 16));
    }
}
