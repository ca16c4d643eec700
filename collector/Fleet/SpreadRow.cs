using System.Collections.Frozen;
using Google.Protobuf;
using Npgsql;
using ProbeNet.Collector.Fleet.Enrolment;
using ProbeNet.Collector.Rollout.Stages;

namespace ProbeNet.Collector.Fleet;

/// <summary>A rollout's row as a <see cref="Spread"/>.</summary>
static class SpreadRow
{
    /// <param name="column">Of state; groups, agents, cohort_from, cohort_to, admitted_asn, admitted_to, held_cc and held_asn follow. List and version are the first two.</param>
    /// <param name="epoch">Groups are known by their tags of this epoch.</param>
    public static Spread Read(NpgsqlDataReader reader, int column, Stage stage, EpochSecret epoch)
    {
        var cohort = ((int)reader.GetInt16(column + 3), (int)reader.GetInt16(column + 4));
        var target = RolloutTarget.Everybody with
        {
            Groups = reader.GetFieldValue<string[]>(column + 1).Select(name => ByteString.CopyFrom(epoch.Group(new() { Group = name }, 0))).ToFrozenSet(),
            Version = reader.GetString(column + 2),
            Cohort = cohort == (0, 100) ? null : cohort,
        };
        return new(
            Spread.NameOf(reader.GetString(0), (ulong)reader.GetInt64(1)),
            Enum.Parse<RolloutState>(reader.GetString(column), ignoreCase: true),
            target,
            Admitted(stage, reader.GetFieldValue<long[]>(column + 5), reader.GetFieldValue<long[]>(column + 6)),
            reader.GetFieldValue<string[]>(column + 7).ToFrozenSet(StringComparer.OrdinalIgnoreCase),
            reader.GetFieldValue<long[]>(column + 8).Select(asn => (uint)asn).ToFrozenSet());
    }

    static Admission Admitted(Stage stage, long[] asn, long[] upTo) => stage == Stage.All
        ? Admission.OfEverybody
        : new(false, asn.Zip(upTo).ToFrozenDictionary(pair => (uint)pair.First, pair => unchecked((ulong)pair.Second)));
}
