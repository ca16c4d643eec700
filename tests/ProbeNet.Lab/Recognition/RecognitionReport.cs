using System.Globalization;
using System.Text;

namespace ProbeNet.Lab.Recognition;

/// <summary>What leaving each house out in turn says of captures.</summary>
sealed class RecognitionReport(Captures captures)
{
    /// <summary>Up to here the documentation may stop to say "recognisable" (mission, volunteer safety 4).</summary>
    public const double Bar = 0.60;

    /// <summary>The agent against everybody else, by what a stretch of time shows.</summary>
    public Recognised Verdict { get; } = Recogniser.Of(captures.Stretches, IsAgent, _ => true);

    public IEnumerable<string> Lines()
    {
        yield return Invariant($"{captures.Houses} houses, each left out in turn; {captures.Conversations.Count} conversations, {captures.Stretches.Count} stretches of {Captures.Stretch} s");
        yield return Row("AUC [95 %]", "a conversation", "a stretch of time");
        foreach (var other in Programs.All.Where(program => program != Programs.Agent))
            yield return Row($"agent against {other}", one => one.Program == Programs.Agent || one.Program == other, IsAgent);
        yield return Row("agent against both", _ => true, IsAgent);
        // Nothing to be told: what is far from 0.5 here is the test's own fault.
        yield return Row("curl against itself", one => one.Program == Programs.Curl, Coin);
        yield return "agent against both, a stretch of time, by one family of marks alone:";
        foreach (var family in Marks.Families)
            yield return Row("  " + family, "", Shown(Recogniser.Of(captures.Stretches, IsAgent, mark => Marks.FamilyOf(mark) == family)));
        yield return "tells most, a conversation: " + Telling(Recogniser.Of(captures.Conversations, IsAgent, _ => true));
        yield return "tells most, a stretch of time: " + Telling(Verdict);
        yield return $"{Shown(Verdict)}; {(Verdict.Area > Bar ? "above" : "not above")} {Invariant($"{Bar:F2}")}: {(Verdict.Area > Bar ? "recognisable" : "not recognised by this test")}";
    }

    static bool IsAgent(Sample sample) => sample.Program == Programs.Agent;

    // Not every second one: questions and connections take turns.
    static bool Coin(Sample sample) => Marks.Print(Encoding.UTF8.GetBytes(Invariant($"{sample.House} {sample.Turn}")))[0] < '8';

    string Row(string what, Func<Sample, bool> among, Func<Sample, bool> positive) => Row(
        what, Shown(Recogniser.Of([.. captures.Conversations.Where(among)], positive, _ => true)), Shown(Recogniser.Of([.. captures.Stretches.Where(among)], positive, _ => true)));

    static string Row(string what, string conversation, string stretch) => $"{what,-24}{conversation,-24}{stretch}";

    static string Shown(Recognised found) => Invariant($"{found.Area:F3} [{found.Low:F3}, {found.High:F3}]");

    static string Telling(Recognised found) => string.Join(", ", found.Telling.Where(one => one.Share >= 0.005).Select(one => Invariant($"{one.Mark} {one.Share:P0}")));

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
