using System.Text.Json.Serialization;
using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Api;

/// <summary>Cells of single days, counted along two axes (contract 3). Every pair of values is there.</summary>
/// <param name="Xs">In their order.</param>
sealed record AggregationView(
    string AxisX, string AxisY, string? Grain, DateTimeOffset AsOf, DateTimeOffset Since, DateTimeOffset Until, IReadOnlyList<string> Xs, IReadOnlyList<string> Ys, IReadOnlyList<AggregationRow> Rows, string Licence);

/// <param name="Cells">A site at a provider on a day.</param>
/// <param name="Decided">Of them, with enough data.</param>
/// <param name="Blocked">Of those, blocked or likely so.</param>
sealed record AggregationRow(string X, string Y, int Cells, int Decided, int Blocked)
{
    /// <summary>"insufficient" where no cell has enough data: such a row says nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? State => Decided == 0 ? CellState.Insufficient.Word() : null;
}
