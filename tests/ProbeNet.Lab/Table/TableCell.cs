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
/// <param name="Place">"isp", "gateway", another network's number, or empty.</param>
/// <param name="Rules">Those that fired, for whoever looks for the reason of a wrong cell.</param>
sealed record TableCell(Scenario Scenario, string Isp, int Seed, string State, IReadOnlyList<string> Mechanisms, string Place, IReadOnlyList<string> Rules)
{
    CellTruth Truth => Scenario.TruthFor(Isp);

    public bool StateIsRight => Truth.States.Contains(State);

    public bool HasMechanism => Truth.Mechanism is not null;

    public bool MechanismIsRight => Mechanisms.Count > 0 && Truth.Mechanism?.Split('|').Contains(Mechanisms[0]) == true;

    public PlaceResult PlaceResult
    {
        get
        {
            var expected = Truth.Place?.TrimEnd('?') ?? "";
            if (Place.Length > 0)
                return Place == expected ? PlaceResult.Found : PlaceResult.Wrong;
            return expected.Length > 0 && !Truth.Place!.EndsWith('?') ? PlaceResult.Missing : PlaceResult.NotAsked;
        }
    }

    /// <summary>Whether a test could find the place.</summary>
    public bool CanBePlaced => Truth.Place is { } place && !place.EndsWith('?');

    public bool IsRight => StateIsRight && (!HasMechanism || MechanismIsRight) && PlaceResult is not (PlaceResult.Missing or PlaceResult.Wrong);

    public static TableCell Of(Scenario scenario, string isp, int seed, Cell? cell, IReadOnlyCollection<JudgedSight> judged)
    {
        var places = judged.Select(one => one.Finding).Where(finding => finding.Hop is not null).Select(PlaceOf).Where(place => place.Length > 0).ToArray();
        return new(
            scenario, isp, seed, cell is null ? "unmeasured" : Word(cell.State), [.. cell?.Mechanisms.Select(found => found.Name) ?? []],
            places.CountBy(place => place, StringComparer.Ordinal).OrderByDescending(place => place.Value).FirstOrDefault().Key ?? "",
            [.. judged.SelectMany(one => one.Finding.Rules.Append(one.Finding.DiscardReason).Concat(one.Finding.Tokens.Where(token => token.StartsWith("place:", StringComparison.Ordinal)))).OfType<string>().Distinct(StringComparer.Ordinal)]);
    }

    static string PlaceOf(Finding finding) => finding.HopIsOwn ? "isp" : finding.HopAsn == AddressPlan.GatewayAsn ? "gateway" : finding.HopAsn?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "";

    static string Word(CellState state) => state.Word();
}
