using System.Text.Json.Serialization;
using ProbeNet.Lab.Topology;

namespace ProbeNet.Lab.Demo;

/// <summary>What the demonstration reads of `matrix --json`.</summary>
sealed record Matrix(MatrixCell[] Cells)
{
    public MatrixCell? Of(uint asn, string domain) => Array.Find(Cells, cell => cell.Asn == asn && cell.Domain == domain);

    /// <summary>Cells about which something is known.</summary>
    public int Decided => Cells.Count(cell => cell.State != "insufficient");

    /// <summary>One line for every cell that is not what the scenario says.</summary>
    public string[] Disagreements(Country country) =>
    [
        .. from isp in country.Isps
           from domain in country.Domains
           let cell = Of(isp.Asn, domain)
           let truth = country.TruthOf(isp.Name, domain)
           where cell is null || !Agrees(cell, truth)
           select $"{domain} at {isp.Name}: {cell?.State ?? "absent"} {string.Join(' ', cell?.Mechanisms ?? [])} {cell?.Reason}".TrimEnd()
               + $", not {(truth is null ? "ok" : $"{string.Join(" or ", truth.States)} {truth.Mechanism}")}",
    ];

    static bool Agrees(MatrixCell cell, Truth? truth) => truth is null
        ? cell.State == "ok"
        : truth.States.Contains(cell.State) && cell.Mechanisms.Any(name => name == truth.Mechanism || name.StartsWith(truth.Mechanism + ".", StringComparison.Ordinal));
}

sealed record MatrixCell(string Domain, uint Asn, string State, string? Reason, string[] Mechanisms);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Matrix))]
sealed partial class MatrixJson : JsonSerializerContext;
