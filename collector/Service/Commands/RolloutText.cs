using System.Globalization;
using ProbeNet.Collector.Rollout;
using ProbeNet.Collector.Rollout.Stages;

namespace ProbeNet.Collector.Service.Commands;

/// <summary>Rollouts for people: a line a release, then what the ones on their way wait for.</summary>
static class RolloutText
{
    public static void Write(TextWriter output, IReadOnlyList<RolloutView> rollouts)
    {
        Listing.Write(output, json: false, rollouts, "No list was released.",
            ("LIST", row => row.List), ("VERSION", row => row.Version), ("ENTRIES", row => row.Entries), ("FOR", Target), ("STATE", row => row.State),
            ("STAGE", row => Listing.Word(row.Stage)), ("TAKEN", row => $"{row.Counts.Applied}/{row.Counts.Agents}"), ("REFUSED", row => row.Counts.Refused),
            ("SILENT", row => row.Counts.Silent), ("WAITING", row => row.Counts.Waiting), ("EXPIRES", row => row.Expires));
        foreach (var rollout in rollouts.Where(rollout => rollout.State is not (RolloutState.Complete or RolloutState.Superseded)))
            WriteDetails(output, rollout);
    }

    static void WriteDetails(TextWriter output, RolloutView rollout)
    {
        var what = rollout.State switch
        {
            RolloutState.Halted => "halted: ",
            RolloutState.Paused => "paused by hand: ",
            RolloutState.Waiting => "waits for another operator's signature",
            _ => "waits: ",
        };
        output.WriteLine($"{rollout.List} version {rollout.Version} {what}{rollout.Reason}");
        if (rollout.HeldCc.Count + rollout.HeldAsn.Count > 0)
            output.WriteLine($"  not in {string.Join(' ', rollout.HeldCc.Concat(rollout.HeldAsn.Select(asn => $"AS{asn}")))}");
        foreach (var refusal in rollout.Refusals)
            output.WriteLine($"  {refusal.Agents} refused: {refusal.Reason}");
        foreach (var comparison in rollout.Comparisons)
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {comparison.Of}: {comparison.New:0.###} on it, {comparison.Old:0.###} on the old list (p {comparison.PValue:0.####})"));
    }

    static string Target(RolloutView row) =>
        row.TargetCc.Count + row.TargetAsn.Count == 0 ? "everybody" : string.Join(' ', row.TargetCc.Concat(row.TargetAsn.Select(asn => $"AS{asn}")));
}
