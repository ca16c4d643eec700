using System.Text.Json;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Lab.Addresses;
using ProbeNet.Lab.Judging;

namespace ProbeNet.Lab.Table;

enum PlaceResult
{
    /// <summary>No test could find it, and none did.</summary>
    NotAsked,
    Found,
    Missing,
    Wrong,
}

/// <summary>One scenario at one ISP under one seed: what is true and what was found.</summary>
/// <param name="State">As contract 2 writes it.</param>
/// <param name="Mechanisms">Strongest first.</param>
/// <param name="Place">"isp", "gateway", another network's number; "unknown" where tests say that they cannot tell; empty where none was made.</param>
/// <param name="Sights">Measurements that it rests on.</param>
/// <param name="Fired">Rules that did, for whoever looks for the reason of a wrong cell.</param>
sealed record TableCell(Scenario Scenario, string Isp, int Seed, string State, IReadOnlyList<string> Mechanisms, string Place, int Sights, IReadOnlyList<string> Fired)
{
    const string Unknown = "unknown";

    CellTruth Truth => Scenario.TruthFor(Isp);

    public bool StateIsRight => Truth.States.Contains(State);

    public bool HasMechanism => Truth.Mechanism is not null;

    public bool MechanismIsRight => Mechanisms.Count > 0 && Truth.Mechanism?.Split('|').Contains(Mechanisms[0]) == true
        && (Truth.Also ?? []).All(Mechanisms.Contains);

    public PlaceResult PlaceResult
    {
        get
        {
            if (Place.Length > 0 && Place != Unknown)
                return Place == Truth.Place?.TrimEnd('?') ? PlaceResult.Found : PlaceResult.Wrong;
            return CanBePlaced || (Truth.Place == Unknown && Place.Length == 0) ? PlaceResult.Missing : PlaceResult.NotAsked;
        }
    }

    /// <summary>Whether a test could find the place.</summary>
    public bool CanBePlaced => Truth.Place is { } place && place != Unknown && !place.EndsWith('?');

    public bool IsRight => StateIsRight && (!HasMechanism || MechanismIsRight) && PlaceResult is not (PlaceResult.Missing or PlaceResult.Wrong);

    public static TableCell Of(Scenario scenario, string isp, int seed, Cell? cell, IReadOnlyCollection<JudgedSight> judged)
    {
        var places = judged.Select(one => one.Finding).Where(finding => finding.Hop is not null).Select(PlaceOf).Where(place => place.Length > 0).ToArray();
        return new(
            scenario, isp, seed, cell is null ? "unmeasured" : Word(cell.State), [.. cell?.Mechanisms.Select(found => found.Name) ?? []],
            places.CountBy(place => place, StringComparer.Ordinal).OrderByDescending(place => place.Value).FirstOrDefault().Key
                ?? (judged.Any(one => one.Finding.Rules.Contains(Rules.PlaceUnknown.Id)) ? Unknown : ""),
            judged.Count,
            [.. judged.SelectMany(one => one.Finding.Rules.Append(one.Finding.DiscardReason).Concat(one.Finding.Tokens.Where(token => token.StartsWith("place:", StringComparison.Ordinal)))).OfType<string>().Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Its line between two processes; the scenario by its name.</summary>
    public string ToLine() => JsonSerializer.Serialize(new Line(Scenario.Name, Isp, Seed, State, Mechanisms, Place, Sights, Fired));

    public static TableCell Parse(string line, IReadOnlyDictionary<string, Scenario> scenarios)
    {
        var cell = JsonSerializer.Deserialize<Line>(line)!;
        return new(scenarios[cell.Scenario], cell.Isp, cell.Seed, cell.State, cell.Mechanisms, cell.Place, cell.Sights, cell.Fired);
    }

    static string PlaceOf(Finding finding) => finding.HopIsOwn ? "isp" : finding.HopAsn == AddressPlan.GatewayAsn ? "gateway" : finding.HopAsn?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "";

    static string Word(CellState state) => state.Word();

    sealed record Line(string Scenario, string Isp, int Seed, string State, IReadOnlyList<string> Mechanisms, string Place, int Sights, IReadOnlyList<string> Fired);
}
