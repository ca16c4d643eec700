using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Api;

/// <summary>What of a resource is wanted. The names are the same everywhere (contract 3); null means everything.</summary>
sealed record Filter
{
    public const int DefaultLimit = 100;
    public const int MaximumLimit = 1000;

    /// <summary>Upper case.</summary>
    public string? Cc { get; init; }

    public long? Asn { get; init; }

    /// <summary>A target's name.</summary>
    public string? Domain { get; init; }

    public string? CategoryCode { get; init; }

    /// <summary>A mechanism or a dotted prefix of one.</summary>
    public string? Mechanism { get; init; }

    public CellState? State { get; init; }

    public DateTimeOffset? Since { get; init; }

    /// <summary>Not included.</summary>
    public DateTimeOffset? Until { get; init; }

    public int? MinUnits { get; init; }

    /// <summary>Taken as now: what was measured later is left out, and default windows end here.</summary>
    public DateTimeOffset? AsOf { get; init; }

    /// <summary>An evidence bundle shows network, list, reason and time as they were sealed, too.</summary>
    public bool Circumstance { get; init; }

    /// <summary>Of a matrix: the last of the days that it is compared with.</summary>
    public DateTimeOffset? Compare { get; init; }

    /// <summary>Of a matrix: first what differs between providers.</summary>
    public bool ByDifference { get; init; }

    /// <summary>Of an aggregation, one of <see cref="AggregationReading.AxesFor"/>.</summary>
    public string? AxisX { get; init; }

    /// <inheritdoc cref="AxisX"/>
    public string? AxisY { get; init; }

    /// <summary>Of an aggregation over time, one of <see cref="AggregationReading.Grains"/>.</summary>
    public string? Grain { get; init; }

    public int Limit { get; init; } = DefaultLimit;

    public Cursor? After { get; init; }

    /// <summary>Cells are left out, not days alone.</summary>
    public bool Narrows => this is not { Asn: null, Domain: null, CategoryCode: null, Mechanism: null, State: null, MinUnits: null };

    public bool MatchesMechanism(string mechanism) =>
        Mechanism is null || mechanism == Mechanism || mechanism.StartsWith(Mechanism + ".", StringComparison.Ordinal);
}
