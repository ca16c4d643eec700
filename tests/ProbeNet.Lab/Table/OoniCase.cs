using System.Globalization;
using System.Text.Json;
using ProbeNet.Lab.Topology;

namespace ProbeNet.Lab.Table;

/// <summary>What is true of a case of OONI's web-connectivity quality tests.</summary>
enum OoniTruth
{
    Censored,

    /// <summary>Nobody interferes.</summary>
    Open,

    /// <summary>Somebody stands between, and the page is reached all the same.</summary>
    PassedOn,

    /// <summary>A control is censored, the volunteer is not.</summary>
    Control,

    /// <summary>The case leaves open who is at work.</summary>
    Unsure,
}

/// <summary>One of the fifty.</summary>
/// <param name="Name">As OONI's tests name it.</param>
/// <param name="OoniMisses">What OONI's own verdict loses: "mechanism", "hijack", "lost" (no verdict), "accuses" (wrongly); empty where nothing.</param>
sealed record OoniCase(int Number, string Name, OoniTruth Truth, string OoniMisses)
{
    public static IReadOnlyList<OoniCase> Load() =>
    [
        .. File.ReadLines(Path.Combine(Country.Directory, "ooni.csv")).Skip(1).Select(line => line.Split(',')).Select(columns => new OoniCase(
            int.Parse(columns[0], CultureInfo.InvariantCulture), columns[1], Enum.Parse<OoniTruth>(columns[2].Replace("_", "", StringComparison.Ordinal), ignoreCase: true), columns[3])),
    ];

    public string Word => JsonNamingPolicy.SnakeCaseLower.ConvertName(Truth.ToString());

    /// <summary>Whether a cell decides as is true. A finding, whatever it says, is what <see cref="OoniTruth.Control"/> asks for.</summary>
    public bool IsDecidedBy(TableCell cell) => Truth switch
    {
        OoniTruth.Censored => cell.State is "blocked" or "likely_blocked" or "throttled" && cell.MechanismIsRight,
        OoniTruth.Open => cell.State is "ok" or "down" or "refused",
        OoniTruth.PassedOn => cell.State == "ok" && cell.MechanismIsRight,
        OoniTruth.Control => cell.State == "ok",
        OoniTruth.Unsure => cell.State != "blocked",
        _ => throw new InvalidOperationException($"{Truth} is no truth"),
    } && cell.StateIsRight;
}
