using System.Text.Json;
using System.Text.Json.Serialization;
using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Api;

/// <summary>A cell as one caller may see it; made by <see cref="Publication"/> alone. Field names are those of contract 3.</summary>
sealed record CellView
{
    public required string Domain { get; init; }
    public required long Asn { get; init; }

    [JsonConverter(typeof(StateConverter))]
    public required CellState State { get; init; }

    public string? Reason { get; init; }

    /// <summary>Strongest first.</summary>
    public IReadOnlyList<string> Mechanisms { get; init; } = [];

    /// <summary>Of the strongest DNS mechanism: "resolver", "path" or "unknown".</summary>
    public string? Via { get; init; }

    public string Locus { get; init; } = "unknown";
    public long? HopAsn { get; init; }
    public Count Units { get; init; }
    public Count Groups { get; init; }
    public Count Runs { get; init; }
    public Count InterferenceRuns { get; init; }

    /// <summary>Low and high end of the share of interference, 95 %.</summary>
    public double[]? Interval { get; init; }

    public double? Posterior { get; init; }

    /// <summary>Earliest and latest start of the present stretch; the earliest is null when the window has no contrary sight.</summary>
    public DateTimeOffset?[]? Since { get; init; }

    public bool Changed { get; init; }
    public string Access { get; init; } = "unknown";
    public Guid? Witness { get; init; }

    sealed class StateConverter : JsonConverter<CellState>
    {
        public override CellState Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            CellStates.TryParse(reader.GetString() ?? "", out var state) ? state : throw new JsonException();

        public override void Write(Utf8JsonWriter writer, CellState value, JsonSerializerOptions options) => writer.WriteStringValue(value.Word());
    }
}

sealed record IspView(long Asn, string? Name);

sealed record TargetView(string Domain, string Input, string CategoryCode);

/// <param name="IspsWithAgents">Of <paramref name="Isps"/>, those with a cell that has volunteers in it.</param>
/// <param name="DecidedCells">Of <paramref name="Cells"/>, those in another state than insufficient.</param>
sealed record MatrixCoverageView(int Isps, int IspsWithAgents, int Targets, int Cells, int DecidedCells);

sealed record MatrixView(
    DateTimeOffset AsOf,
    string Cc,
    DateTimeOffset Since,
    DateTimeOffset Until,
    IReadOnlyList<IspView> Isps,
    IReadOnlyList<TargetView> Targets,
    IReadOnlyList<CellView> Cells,
    MatrixCoverageView Coverage,
    string Licence);
