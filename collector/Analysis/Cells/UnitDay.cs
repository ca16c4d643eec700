using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Analysis.Cells;

/// <summary>What one unit saw of a target on one UTC day.</summary>
sealed record UnitDay
{
    public required DateOnly Day { get; init; }
    public required string Cc { get; init; }
    public required long Asn { get; init; }

    /// <summary>Host name of the input; the target too, unless the list marks a page.</summary>
    public required string Host { get; init; }

    public required string Target { get; init; }
    public required UnitTag Unit { get; init; }
    public required UnitTag Group { get; init; }
    public required AsnSource AsnSource { get; init; }
    public required Access Access { get; init; }

    /// <summary>Its volunteer has been here for thirty days (<see cref="Seniority"/>), as far as is known.</summary>
    public bool Established { get; init; } = true;

    /// <summary>In order of time.</summary>
    public required IReadOnlyList<Sight> Sights { get; init; }

    /// <summary>The measurement that shows the day best.</summary>
    public required Guid Witness { get; init; }

    public int Scored => Sights.Total(s => s.IsScored);

    public int Interference => Sights.Total(s => s.Outcome.IsInterference());

    /// <summary>Scheduled measurements that say anything.</summary>
    public int Runs => Sights.Total(s => s.IsRun);

    public int InterferenceRuns => Sights.Total(s => s.IsRun && s.Outcome.IsInterference());

    public int DiscardedRuns => Sights.Total(s => s.Reason == Reason.Scheduled && s.Outcome == Outcome.Discarded);

    /// <summary>Strongest first.</summary>
    public IEnumerable<string> Mechanisms => Sights.SelectMany(s => s.Mechanisms).Select(m => m.Name).Distinct(StringComparer.Ordinal);

    public IEnumerable<string> Artefacts => Sights.SelectMany(s => s.Artefacts).Distinct(StringComparer.Ordinal);

    public IEnumerable<string> Tokens => Sights.SelectMany(s => s.Tokens).Distinct(StringComparer.Ordinal);
}

/// <summary>One measurement as a unit day keeps it.</summary>
/// <param name="Time">Floored to <paramref name="Grain"/> seconds.</param>
sealed record Sight(
    DateTimeOffset Time,
    int Grain,
    Reason Reason,
    Outcome Outcome,
    string? DiscardReason,
    IReadOnlyList<FoundMechanism> Mechanisms,
    IReadOnlyList<string> Rules,
    IReadOnlyList<string> Artefacts,
    IReadOnlyList<string> Tokens)
{
    /// <summary>The network that TTL tests found the interference in; null where it was not located.</summary>
    public long? HopAsn { get; init; }

    /// <summary>Distance of that place in hops.</summary>
    public int? Hop { get; init; }

    /// <summary>The program that measured, where it is known: what follows a release follows no network.</summary>
    public string? AgentVersion { get; init; }

    /// <summary>How many measurements alike it stands for; more than one only where a <see cref="PlainDay"/> stands for its sights.</summary>
    public int Times { get; init; } = 1;

    /// <summary>It says something about blocking; a site that is down for everybody does not.</summary>
    public bool IsScored => Outcome is not (Outcome.Discarded or Outcome.Down);

    /// <summary>Counts in shares. Tasks and manual measurements enter the evidence only.</summary>
    public bool IsRun => Reason == Reason.Scheduled && Outcome != Outcome.Discarded;

    public static Sight Of(DateTimeOffset time, int grain, Reason reason, Finding finding) => new(
        time, grain, reason, finding.Outcome, finding.DiscardReason, finding.Mechanisms, finding.Rules, finding.Artefacts, finding.Tokens)
    {
        HopAsn = finding.HopAsn,
        Hop = finding.Hop,
    };
}

static class Sights
{
    /// <summary>Measurements behind those that hold.</summary>
    public static int Total(this IEnumerable<Sight> sights, Func<Sight, bool> holds) => sights.Sum(s => holds(s) ? s.Times : 0);

    /// <summary>
    /// The one order of a day's sights: by time, and within one floored time by what they say, so that it does not matter in which
    /// order they came.
    /// </summary>
    public static int Compare(Sight left, Sight right)
    {
        if (left.Time != right.Time)
            return left.Time.CompareTo(right.Time);
        var order = (left.Outcome, left.Reason, left.Grain, left.HopAsn ?? 0, left.Hop ?? 0).CompareTo((right.Outcome, right.Reason, right.Grain, right.HopAsn ?? 0, right.Hop ?? 0));
        if (order == 0)
            order = string.CompareOrdinal(left.DiscardReason, right.DiscardReason);
        if (order == 0)
            order = Compare(left.Rules, right.Rules, r => r);
        if (order == 0)
            order = Compare(left.Mechanisms, right.Mechanisms, m => m.Name);
        if (order == 0)
            order = Compare(left.Mechanisms, right.Mechanisms, m => m.Via);
        if (order == 0)
            order = Compare(left.Artefacts, right.Artefacts, a => a);
        return order == 0 ? Compare(left.Tokens, right.Tokens, t => t) : order;
    }

    static int Compare<T>(IReadOnlyList<T> left, IReadOnlyList<T> right, Func<T, string?> text)
    {
        for (var i = 0; i < left.Count && i < right.Count; i++)
            if (string.CompareOrdinal(text(left[i]), text(right[i])) is var order and not 0)
                return order;
        return left.Count - right.Count;
    }
}

/// <summary>A unit's or group's tag, compared by value.</summary>
sealed class UnitTag : IEquatable<UnitTag>, IComparable<UnitTag>
{
    readonly byte[] _bytes;

    public UnitTag(ReadOnlySpan<byte> bytes) => _bytes = bytes.ToArray();

    public byte[] ToArray() => [.. _bytes];

    public bool Equals(UnitTag? other) => other is not null && _bytes.AsSpan().SequenceEqual(other._bytes);

    public override bool Equals(object? obj) => Equals(obj as UnitTag);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }

    public int CompareTo(UnitTag? other) => other is null ? 1 : _bytes.AsSpan().SequenceCompareTo(other._bytes);

    public static bool operator ==(UnitTag? left, UnitTag? right) => Equals(left, right);

    public static bool operator !=(UnitTag? left, UnitTag? right) => !Equals(left, right);

    public static bool operator <(UnitTag left, UnitTag right) => left.CompareTo(right) < 0;

    public static bool operator >(UnitTag left, UnitTag right) => left.CompareTo(right) > 0;

    public static bool operator <=(UnitTag left, UnitTag right) => left.CompareTo(right) <= 0;

    public static bool operator >=(UnitTag left, UnitTag right) => left.CompareTo(right) >= 0;
}
