using ProbeNet.Collector.Analysis.Moves;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Analysis.Worlds;

/// <summary>A world file (contract 5): one country's observations, without a store.</summary>
sealed record World(WorldHeader Header, IReadOnlyList<WorldObservation> Observations);

/// <param name="Controls">Control vantage points in different networks.</param>
/// <param name="Calendar">Known events that may explain a change, in order of time.</param>
sealed record WorldHeader(string Cc, IReadOnlyList<WorldIsp> Isps, int Controls, IReadOnlyList<CalendarEntry> Calendar);

sealed record WorldIsp(long Asn, string Name, long? Users);

/// <summary>One line of a world file: what one unit saw of one target.</summary>
/// <param name="Line">Its number in the file.</param>
/// <param name="Token">A device or sink; "status:N" is the server's own answer.</param>
/// <param name="ControlOk">Null where there was no control then.</param>
/// <param name="Via">Of a DNS mechanism: "resolver", "path" or "unknown".</param>
sealed record WorldObservation(
    int Line,
    DateTimeOffset Time,
    long Asn,
    string Unit,
    string Group,
    string Domain,
    string? CategoryCode,
    bool Ok,
    string? Layer,
    string? Mechanism,
    string? Token,
    long? HopAsn,
    int? Hop,
    bool ReferenceOk,
    bool? ControlOk,
    Reason Reason,
    string? AgentVersion,
    string? Via,
    Access Access);
