using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.TestLists;

/// <summary>A stop that the operator signed, as this agent obeys it.</summary>
sealed class Standstill
{
    readonly Stop _stop;
    readonly long _until;

    Standstill(Stop stop, long until) => (_stop, _until) = (stop, until);

    public string Reason => new([.. _stop.Reason.Where(letter => !char.IsControl(letter))]);

    public DateTimeOffset Until => DateTimeOffset.FromUnixTimeSeconds(_until);

    public static Standstill Of(KeptList kept) => new(kept.Stop is null ? new() : Stop.Parser.ParseFrom(kept.Stop.Statement), kept.StopUntil);

    /// <summary>True when any of the places where this agent may be is meant: when in doubt it stands still.</summary>
    public bool Holds(DateTimeOffset now, IEnumerable<string> countries, IEnumerable<uint> networks) =>
        now.ToUnixTimeSeconds() < _until
        && (_stop.Everywhere || _stop.Cc.Intersect(countries, StringComparer.OrdinalIgnoreCase).Any() || _stop.Asn.Intersect(networks).Any());
}
