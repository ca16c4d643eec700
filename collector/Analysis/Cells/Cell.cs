namespace ProbeNet.Collector.Analysis.Cells;

/// <summary>Target x ISP x window with its state, that of the latest stretch without a change.</summary>
sealed record Cell
{
    public required string Cc { get; init; }
    public required string Target { get; init; }
    public required long Asn { get; init; }
    public required CellState State { get; init; }

    /// <summary>One of <see cref="InsufficientReasons"/>; null unless the state is insufficient.</summary>
    public string? Reason { get; init; }

    /// <summary>Strongest first.</summary>
    public IReadOnlyList<CellMechanism> Mechanisms { get; init; } = [];

    /// <summary>"network", "server", "local" or "unknown".</summary>
    public string Locus { get; init; } = "unknown";

    public long? HopAsn { get; init; }

    /// <summary>Volunteers whose runs said anything about the target.</summary>
    public int Units { get; init; }

    public int Groups { get; init; }

    /// <summary>Scheduled measurements of the stretch that said anything.</summary>
    public int Runs { get; init; }

    /// <summary>Those of <see cref="Runs"/> that show interference.</summary>
    public int InterferenceRuns { get; init; }

    /// <summary>Scheduled measurements of the stretch that prove nothing, and so stand in no share.</summary>
    public int DiscardedRuns { get; init; }

    /// <summary>Share of interference, 95 %, with the effective sample size; null without runs.</summary>
    public ShareInterval? Interval { get; init; }

    /// <summary>Probability of blocking, given everything scored in the stretch; null without evidence.</summary>
    public double? Posterior { get; init; }

    /// <summary>When the stretch began; null without a run.</summary>
    public Bracket? Since { get; init; }

    /// <summary>There was another stretch before this one in the window.</summary>
    public bool Changed { get; init; }

    /// <summary>"fixed", "mobile", "both" or "unknown": the lines measured on, or the only kind of them on which it is blocked.</summary>
    public string Access { get; init; } = "unknown";

    /// <summary>The measurement that shows the state best. For analysts: the public never sees an identifier.</summary>
    public Guid? Witness { get; init; }
}

/// <param name="Via">For DNS: "resolver", "path" or "unknown"; otherwise null.</param>
/// <param name="Runs">Scored measurements that show it.</param>
/// <param name="Units">Volunteers who saw it.</param>
sealed record CellMechanism(string Name, string? Via, int Runs, int Units);

sealed record ShareInterval(double Low, double High);

/// <param name="Earliest">The last contrary sight; null when there was none in the window.</param>
/// <param name="Latest">The first sight, to the end of its time's grain.</param>
sealed record Bracket(DateTimeOffset? Earliest, DateTimeOffset Latest);
