using System.Globalization;

namespace ProbeNet.Lab.Noise;

/// <summary>The table that `noise` prints.</summary>
static class NoiseReport
{
    const int Shown = 5;

    public const string Counting = """
        A run is one agent's measurement of one input; an agent measures many side by side after one check of its network, so runs of a
        batch are not independent. Accusations: findings `artefact` and `slow`, an `anomaly` that the noise does not explain, and cells that
        would be blocked, likely_blocked, throttled or mixed, without any waiting for two hours. Caused: anomalies that the noise explains.
        """;

    public static string Head => $"{"kind",-32}{"runs",6}{"ok",6}{"refused",9}{"down",6}{"caused",8}{"no data",9}{"cells",7}{"suspected",11}{"accusations",13}{"95 % below",12}";

    public static string Line(NoiseTally tally)
    {
        var none = tally.Discarded.Values.Sum();
        var why = tally.Discarded.Count == 0 ? "" : "  " + string.Join(", ", tally.Discarded.OrderByDescending(one => one.Value).Select(one => $"{one.Key} {one.Value}"));
        var shown = tally.Accusations.GroupBy(one => one, StringComparer.Ordinal).OrderByDescending(same => same.Count()).Take(Shown).Select(same => $"\n    {same.Count()} x {same.Key}");
        return string.Create(CultureInfo.InvariantCulture,
            $"{tally.Kind,-32}{tally.Runs,6}{tally.Ok,6}{tally.Refused,9}{tally.Down,6}{tally.Caused,8}{none,9}{tally.Cells,7}{tally.Suspected,11}{tally.Accusations.Count,13}{NoiseTally.UpperBound(tally.Accusations.Count, tally.Runs),12:P2}{why}{string.Concat(shown)}");
    }
}
