using System.Globalization;
using ProbeNet.Collector.Api;
using ProbeNet.Collector.Rollout;
using ProbeNet.Collector.Rollout.Stages;

namespace ProbeNet.Collector.Web;

/// <summary>Releases of test lists: at which stage each is, who has it, why it was halted.</summary>
static class RolloutPage
{
    const int Width = 240;
    const int Height = 40;

    static readonly (Stage Stage, string Words)[] Stages =
    [
        (Stage.Own, "own agents"), (Stage.Sixty, "sixty, or one in twenty"), (Stage.ThreeHundred, "three hundred, or one in ten"), (Stage.Quarter, "a quarter"), (Stage.All, "everybody"),
    ];

    public static Html Content(IReadOnlyList<RolloutDetail> rollouts, Func<long, string?> nameOf) => Html.Of($"""
        <div lang="en">
        <h1>Releases of test lists</h1>
        {(rollouts.Count == 0 ? Html.Of($"""<p class="empty" role="status">No list was released.</p>""") : Html.Nothing)}
        {rollouts.Select(rollout => One(rollout, nameOf))}
        <p>Releases are made and steered beside the collector: <code>list release</code>, <code>list halt</code>, <code>list resume</code>, <code>list revert</code>, <code>list audit</code>.</p>
        </div>
        """);

    static Html One(RolloutDetail detail, Func<long, string?> nameOf)
    {
        var rollout = detail.Rollout;
        return Html.Of($"""
            <section>
            <h2>{rollout.List} version {rollout.Version.ToString(CultureInfo.InvariantCulture)}: {Words(rollout.State)}</h2>
            {(rollout.Reason.Length > 0 ? Html.Of($"""<p class="empty" role="status">{Before(rollout.State)}{rollout.Reason}</p>""") : Html.Nothing)}
            {(rollout.Reverts > 0 ? Html.Of($"<p>It takes version {rollout.Reverts.ToString(CultureInfo.InvariantCulture)} back.</p>") : Html.Nothing)}
            <ol class="stages">{Stages.Select(stage => StageItem(rollout, stage))}</ol>
            <p>{rollout.Counts.Agents} agents are meant: {rollout.Counts.Applied} have taken it, {rollout.Counts.Refused} refused, {rollout.Counts.Silent} are silent, {rollout.Counts.Waiting} are still to come. {rollout.Admitted} may have it now.</p>
            {(rollout.HeldCc.Count + rollout.HeldAsn.Count > 0 ? Html.Of($"<p>Halted in {string.Join(' ', rollout.HeldCc.Concat(rollout.HeldAsn.Select(asn => $"AS{asn}")))}.</p>") : Html.Nothing)}
            {(rollout.Refusals.Count > 0 ? Html.Of($"<p>Refused because: {string.Join(", ", rollout.Refusals.Select(refusal => $"{refusal.Reason} ({refusal.Agents})"))}.</p>") : Html.Nothing)}
            {Isps(detail, nameOf)}
            {Drift(rollout)}
            </section>
            """);
    }

    static Html StageItem(RolloutView rollout, (Stage Stage, string Words) stage)
    {
        var reached = rollout.State == RolloutState.Complete || rollout.Stage > stage.Stage;
        return rollout.Stage == stage.Stage && !reached
            ? Html.Of($"""<li aria-current="step"><strong>{stage.Words}</strong>, since {rollout.Since:yyyy-MM-dd HH:mm}</li>""")
            : Html.Of($"<li>{stage.Words}{(reached ? " ✓" : "")}</li>");
    }

    static Html Isps(RolloutDetail detail, Func<long, string?> nameOf) => Html.Of($"""
        <div class="scroll" role="region" aria-label="Adoption by provider" tabindex="0">
        <table class="facts"><caption>Adoption by provider</caption>
        <thead><tr><th scope="col">Provider</th><th scope="col">Agents</th><th scope="col">Taken</th><th scope="col">Refused</th><th scope="col">Silent</th><th scope="col">Over time</th></tr></thead><tbody>
        {detail.Rollout.Isps.Select(isp => Html.Of($"""<tr><th scope="row">{nameOf(isp.Asn) ?? "AS" + isp.Asn.ToString(CultureInfo.InvariantCulture)} ({isp.Cc})</th><td>{isp.Counts.Agents}</td><td>{isp.Counts.Applied}</td><td>{isp.Counts.Refused}</td><td>{isp.Counts.Silent}</td><td>{Line(detail.Adoption, isp)}</td></tr>"""))}
        </tbody></table></div>
        """);

    // Steps from the first note to the last one of all providers, so that the lines of a page can be compared.
    static Html Line(IReadOnlyList<Adoption> adoption, IspRollout isp)
    {
        var own = adoption.Where(note => note.Asn == isp.Asn && note.Cc == isp.Cc).ToList();
        if (own.Count == 0)
            return Html.Of($"not noted yet");
        var (first, last) = (adoption[0].At, adoption[^1].At);
        var span = Math.Max(1, (last - first).TotalSeconds);
        var points = new List<string>();
        foreach (var note in own)
        {
            var x = (note.At - first).TotalSeconds / span * Width;
            if (points.Count > 0)
                points.Add(Point(x, points[^1].Split(',')[1]));
            points.Add(Point(x, (Height - (note.Agents == 0 ? 0 : (double)note.Applied / note.Agents * Height)).ToString("0.#", CultureInfo.InvariantCulture)));
        }
        points.Add(Point(Width, points[^1].Split(',')[1]));
        return Html.Of($"""<svg class="adoption" viewBox="0 0 {Width} {Height}" width="{Width}" height="{Height}" role="img" aria-label="{own[^1].Applied} of {own[^1].Agents} at {own[^1].At:yyyy-MM-dd HH:mm}"><polyline fill="none" stroke="currentColor" stroke-width="2" points="{string.Join(' ', points)}"/></svg>""");
    }

    static string Point(double x, string y) => string.Create(CultureInfo.InvariantCulture, $"{x:0.#},{y}");

    static Html Drift(RolloutView rollout) => rollout.Comparisons.Count == 0 ? Html.Nothing : Html.Of($"""
        <table class="facts"><caption>Drift: agents on the new list against those of the same providers on the old one</caption>
        <thead><tr><th scope="col">What</th><th scope="col">New list</th><th scope="col">Old list</th><th scope="col">By chance alone</th></tr></thead><tbody>
        {rollout.Comparisons.Select(one => Html.Of($"""<tr><th scope="row">{one.Of}{(one.Worse ? " (worse)" : "")}</th><td>{one.New:0.###}</td><td>{one.Old:0.###}</td><td>{one.PValue:0.####}</td></tr>"""))}
        </tbody></table>
        """);

    static string Before(RolloutState state) => state switch
    {
        RolloutState.Halted => "Halted: ",
        RolloutState.Paused => "Halted by hand: ",
        _ => "It waits: ",
    };

    static string Words(RolloutState state) => state switch
    {
        RolloutState.Waiting => "waits for another operator's signature",
        RolloutState.Running => "on its way",
        RolloutState.Paused => "halted by hand",
        RolloutState.Halted => "halted",
        RolloutState.Complete => "everybody has it",
        _ => "overtaken",
    };
}
