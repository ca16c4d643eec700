using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using Npgsql;
using ProbeNet.Collector.Observations;
using ProbeNet.Collector.Observations.Ooni;

namespace ProbeNet.Collector.Store;

/// <summary>Which of them. Null means all; of the times, the first is included and the second is not.</summary>
sealed record OoniFilter(string? Cc, long? Asn, string? Target, DateTimeOffset? Since, DateTimeOffset? Until);

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

    /// <summary>Latest first.</summary>
    public async Task<IReadOnlyList<OoniMeasurement>> ListAsync(OoniFilter filter, int limit, CancellationToken ct)
    {
        await using var command = source.Command(
            """
            select time, cc, asn, report_id, software_version, blocking, accessible, dns_consistency, facts, helper from ooni_measurement
            where ($1::text is null or cc = $1) and ($2::bigint is null or asn = $2) and ($3::text is null or target = $3)
                and ($4::timestamptz is null or time >= $4) and ($5::timestamptz is null or time < $5)
            order by time desc, uid limit $6
            """, filter.Cc, filter.Asn, filter.Target, filter.Since?.UtcDateTime, filter.Until?.UtcDateTime, limit);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var found = new List<OoniMeasurement>();
        while (await reader.ReadAsync(ct))
        {
            var facts = Protos.V1.Facts.Parser.ParseFrom(reader.GetFieldValue<byte[]>(8));
            found.Add(new(
                reader.GetFieldValue<DateTimeOffset>(0), reader.GetString(1), reader.GetInt64(2), reader.GetString(3), reader.GetString(4), facts.TestVersion,
                new(Text(5), reader.IsDBNull(6) ? null : reader.GetBoolean(6), Text(7)), facts,
                reader.IsDBNull(9) ? null : Protos.V1.Facts.Parser.ParseFrom(reader.GetFieldValue<byte[]>(9))));
        }
        return found;

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    public static Guid UidOf(OoniMeasurement measurement)
    {
        var time = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(time, measurement.Time.ToUnixTimeSeconds());
        var text = Encoding.UTF8.GetBytes($"{measurement.ReportId}\n{measurement.Facts.Input}\n");
        return new Guid(SHA256.HashData([.. text, .. time, .. measurement.Facts.ToByteArray()]).AsSpan(0, 16));
    }
}
