using Npgsql;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Store;

/// <summary>The unit days of the store.</summary>
sealed class UnitDays(NpgsqlDataSource source)
{
    const string Columns = "cc, host, target, day, asn, unit, \"group\", asn_source, access, findings, witness";

    /// <summary>Of one host: the host's own target and its pages.</summary>
    public Task<IReadOnlyList<UnitDay>> OfHostAsync(string cc, string host, CellWindow window, CancellationToken ct) =>
        ReadAsync("where cc = $1 and day >= $2 and day < $3 and host = $4", ct, cc, window.Since, window.Until, host);

    public Task<IReadOnlyList<UnitDay>> OfCellAsync(string cc, string target, long asn, CellWindow window, CancellationToken ct) =>
        ReadAsync("where cc = $1 and day >= $2 and day < $3 and target = $4 and asn = $5", ct, cc, window.Since, window.Until, target, asn);

    public Task<IReadOnlyList<UnitDay>> OfCountryAsync(string cc, CellWindow window, CancellationToken ct) =>
        ReadAsync("where cc = $1 and day >= $2 and day < $3", ct, cc, window.Since, window.Until);

    /// <summary>Puts a host's day in the place of what was there.</summary>
    public static async Task ReplaceAsync(
        NpgsqlConnection connection, string cc, string host, DateOnly day, IReadOnlyList<UnitDay> days, string fingerprintsVersion, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Command("delete from unit_day where cc = $1 and host = $2 and day = $3", cc, host, day));
        foreach (var unit in days)
            batch.BatchCommands.Add(Insert(unit, fingerprintsVersion));
        foreach (var asn in days.Select(d => d.Asn).Distinct())
            batch.BatchCommands.Add(Command(
                """
                insert into isp as i (cc, asn, first_day, last_day) values ($1, $2, $3, $3)
                on conflict (cc, asn) do update set first_day = least(i.first_day, $3), last_day = greatest(i.last_day, $3)
                where i.first_day > $3 or i.last_day < $3
                """, cc, asn, day));
        await batch.ExecuteNonQueryAsync(ct);
    }

    static NpgsqlBatchCommand Insert(UnitDay unit, string fingerprintsVersion)
    {
        var outcomes = new int[Outcomes.Count];
        foreach (var sight in unit.Sights.Where(s => s.Reason == Reason.Scheduled))
            outcomes[(int)sight.Outcome]++;
        Sight[] interference = [.. unit.Sights.Where(s => s.Outcome.IsInterference())];
        return Command(
            """
            insert into unit_day (cc, host, target, day, asn, unit, "group", asn_source, access, rules_version, fingerprints_version,
                n, k, runs, interference_runs, discarded_runs, outcomes, findings, mechanisms, artefacts, tokens,
                first_seen, last_seen, first_interference, last_interference, witness)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26)
            """,
            unit.Cc, unit.Host, unit.Target, unit.Day, unit.Asn, unit.Unit.ToArray(), unit.Group.ToArray(), (short)unit.AsnSource, (short)unit.Access,
            Rules.Version, fingerprintsVersion, unit.Scored, unit.Interference, unit.Runs, unit.InterferenceRuns, unit.DiscardedRuns, outcomes,
            SightsCodec.Write(unit.Day, unit.Sights), unit.Mechanisms.ToArray(), unit.Artefacts.ToArray(), unit.Tokens.ToArray(),
            unit.Sights[0].Time.UtcDateTime, unit.Sights[^1].Time.UtcDateTime,
            interference.Length == 0 ? DBNull.Value : interference[0].Time.UtcDateTime,
            interference.Length == 0 ? DBNull.Value : interference[^1].Time.UtcDateTime, unit.Witness);
    }

    async Task<IReadOnlyList<UnitDay>> ReadAsync(string condition, CancellationToken ct, params object[] values)
    {
        await using var command = source.CreateCommand($"select {Columns} from unit_day {condition} order by target, asn, day, unit, asn_source");
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(ct);
        var days = new List<UnitDay>();
        while (await reader.ReadAsync(ct))
            days.Add(Read(reader));
        return days;
    }

    static UnitDay Read(NpgsqlDataReader reader)
    {
        var day = reader.GetFieldValue<DateOnly>(3);
        return new()
        {
            Cc = reader.GetString(0),
            Host = reader.GetString(1),
            Target = reader.GetString(2),
            Day = day,
            Asn = reader.GetInt64(4),
            Unit = new(reader.GetFieldValue<byte[]>(5)),
            Group = new(reader.GetFieldValue<byte[]>(6)),
            AsnSource = (AsnSource)reader.GetInt16(7),
            Access = (Access)reader.GetInt16(8),
            Sights = SightsCodec.Read(day, reader.GetFieldValue<byte[]>(9)),
            Witness = reader.GetGuid(10),
        };
    }

    static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
