using Npgsql;
using NpgsqlTypes;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Store;

/// <summary>Unit days go in by COPY: a statement each costs the database ten times as much.</summary>
static class UnitDayCopy
{
    const string Columns =
        """
        (cc, host, target, day, asn, unit, "group", asn_source, access, rules_version, fingerprints_version,
            n, k, runs, interference_runs, discarded_runs, outcomes, findings, mechanisms, artefacts, tokens,
            first_seen, last_seen, first_interference, last_interference, witness,
            plain_grain, plain_first, plain_last, plain_discard)
        """;

    public static async Task AddAsync(NpgsqlConnection connection, IReadOnlyList<UnitDay> days, string fingerprintsVersion, CancellationToken ct, string table = "unit_day")
    {
        await using var copy = await connection.BeginBinaryImportAsync($"copy {table} {Columns} from stdin (format binary)", ct);
        foreach (var day in days)
            await WriteAsync(copy, day, fingerprintsVersion, ct);
        await copy.CompleteAsync(ct);
    }

    static async Task WriteAsync(NpgsqlBinaryImporter copy, UnitDay unit, string fingerprintsVersion, CancellationToken ct)
    {
        var outcomes = new int[Outcomes.Count];
        foreach (var sight in unit.Sights.Where(s => s.Reason == Reason.Scheduled))
            outcomes[(int)sight.Outcome]++;
        var interference = unit.Sights.Where(s => s.Outcome.IsInterference()).ToArray();
        var plain = PlainDay.Of(unit.Sights);
        await copy.StartRowAsync(ct);
        foreach (var text in new[] { unit.Cc, unit.Host, unit.Target })
            await copy.WriteAsync(text, NpgsqlDbType.Text, ct);
        await copy.WriteAsync(unit.Day, NpgsqlDbType.Date, ct);
        await copy.WriteAsync(unit.Asn, NpgsqlDbType.Bigint, ct);
        await copy.WriteAsync(unit.Unit.ToArray(), NpgsqlDbType.Bytea, ct);
        await copy.WriteAsync(unit.Group.ToArray(), NpgsqlDbType.Bytea, ct);
        await copy.WriteAsync((short)unit.AsnSource, NpgsqlDbType.Smallint, ct);
        await copy.WriteAsync((short)unit.Access, NpgsqlDbType.Smallint, ct);
        await copy.WriteAsync(Rules.Version, NpgsqlDbType.Integer, ct);
        await copy.WriteAsync(fingerprintsVersion, NpgsqlDbType.Text, ct);
        foreach (var count in new[] { unit.Scored, unit.Interference, unit.Runs, unit.InterferenceRuns, unit.DiscardedRuns })
            await copy.WriteAsync(count, NpgsqlDbType.Integer, ct);
        await copy.WriteAsync(outcomes, NpgsqlDbType.Array | NpgsqlDbType.Integer, ct);
        await copy.WriteAsync(SightsCodec.Write(unit.Day, unit.Sights), NpgsqlDbType.Bytea, ct);
        foreach (var texts in new[] { unit.Mechanisms, unit.Artefacts, unit.Tokens })
            await copy.WriteAsync(texts.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text, ct);
        await TimeAsync(unit.Sights[0].Time);
        await TimeAsync(unit.Sights[^1].Time);
        await TimeAsync(interference.Length == 0 ? null : interference[0].Time);
        await TimeAsync(interference.Length == 0 ? null : interference[^1].Time);
        await copy.WriteAsync(unit.Witness, NpgsqlDbType.Uuid, ct);
        if (plain is null)
            await copy.WriteNullAsync(ct);
        else
            await copy.WriteAsync(plain.Grain, NpgsqlDbType.Integer, ct);
        await TimeAsync(plain?.First);
        await TimeAsync(plain?.Last);
        if (plain?.Discard is { } discard)
            await copy.WriteAsync(discard, NpgsqlDbType.Text, ct);
        else
            await copy.WriteNullAsync(ct);

        Task TimeAsync(DateTimeOffset? time) => time is { } value ? copy.WriteAsync(value.UtcDateTime, NpgsqlDbType.TimestampTz, ct) : copy.WriteNullAsync(ct);
    }
}
