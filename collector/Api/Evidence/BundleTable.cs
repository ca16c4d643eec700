using System.Globalization;
using System.Text;

namespace ProbeNet.Collector.Api.Evidence;

/// <summary>What is proven by a bundle, and by whom.</summary>
static class BundleTable
{
    public static string Text(BundleContent content)
    {
        (string What, string ByWhom, string How)[] rows = [.. Rows(content)];
        var (first, second) = (rows.Max(row => row.What.Length), rows.Max(row => row.ByWhom.Length));
        var text = new StringBuilder("What is proven, by whom, and how that can be checked\n\n");
        foreach (var (what, byWhom, how) in rows)
            text.Append(CultureInfo.InvariantCulture, $"{what.PadRight(first)}  {byWhom.PadRight(second)}  {how}\n");
        return text.ToString();
    }

    static IEnumerable<(string What, string ByWhom, string How)> Rows(BundleContent content)
    {
        const string collector = "the collector says so";
        yield return ("WHAT", "BY WHOM", "HOW");
        yield return content.Seal.Link is null
            ? ("these bytes were sealed by a volunteer's key", collector, "the link to the key was deleted after 30 days, to protect the volunteer")
            : ("these bytes were sealed by the key and not changed since", "the key's own signature", $"{BundleFile.Facts}, {BundleFile.Index} (leaf, path), {BundleFile.Seal}");
        yield return ("this is what the machine with the key saw", "nobody", "whoever holds a key can write what he likes; that several independent ones agree is the point of the cell");
        yield return ("the key is of this network (ISP) and country", collector, content.Seal.Link is null ? "not in this bundle" : $"signed, {BundleFile.Certificate}");
        yield return content.WithCircumstance
            ? ("the time of the measurement", "the key's own signature", $"{BundleFile.Circumstance}; by the clock of that machine, floored to some minutes")
            : ("the day of the measurement", collector, $"{BundleFile.Index}; the time is sealed, and not shown here");
        yield return ("the day on which it arrived", collector, $"signed, {BundleFile.Receipt}");
        yield return content.Day is { } day && day.Heads.Any(head => head.Day == day.Leaf.Day)
            ? ("it was in the log by then, and still is", "the collector's signature binds it", $"{BundleFile.Index} (log); a later head proves that it continues this one, or the collector is caught")
            : ("it is in the log", collector, "the day has no tree head yet");
        if (content.Day?.Stamp is not null)
            yield return ("when the log was so at the latest", "an outside authority's signature", $"{BundleFile.Timestamp} over {BundleFile.LogHead} (RFC 3161)");
        yield return ("what controls saw", collector, $"{BundleFile.ControlFolder}: controls are machines of the operator's");
        yield return ("the finding", content.WithCircumstance ? "computed again by whoever checks" : collector, $"{BundleFile.Finding} from facts, controls, {BundleFile.Rules}, {BundleFile.Fingerprints}");
        if (content.Cell is not null)
            yield return ("how many volunteers looked, that they are independent, the cell's state", collector, $"{BundleFile.Cell}: keys are not named, so that nobody can join them");
        yield return ("who did it", "nobody", "a measurement shows what happened on the way, not who ordered it");
        yield return ("that these files belong together", "the collector's signature", $"{BundleFile.Index}, {BundleFile.Signature}");
    }
}
