using ProbeNet.Collector.Analysis.Controls;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Analysis.Fingerprints;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis;

/// <summary>Judges a page against the pages that controls saw at the same time.</summary>
static class Judged
{
    public static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    public static Finding Against(this Page page, params Page[] controls) => page.Against(Context(), controls);

    public static Finding Against(this Page page, JudgingContext context, params Page[] controls) => page.Judgement(context, controls).Finding;

    public static Judgement Judgement(this Page page, JudgingContext context, params Page[] controls) =>
        FindingJudge.Judge(page.Observation, Timeline(controls).At(Noon), context);

    /// <summary>Each control in a network of its own.</summary>
    public static ControlTimeline Timeline(params Page[] controls) =>
        new(controls.Select((c, i) => new ControlSight(Noon.AddMinutes(i), new Guid(i, 0, 0, new byte[8]), $"AS{i + 1}", c.Observation)));

    public static JudgingContext Context(IEnumerable<Fingerprint>? fingerprints = null, params string[] shared) => JudgingContext.For("KH") with
    {
        Fingerprints = new FingerprintSet(fingerprints ?? [], "test"),
        SharedMarks = shared.ToHashSet(StringComparer.Ordinal),
    };

    public static Fingerprint Fingerprint(string name, string location, string pattern, string scope = "isp", string type = "full", params string[] countries) =>
        new(name, scope, location, FingerprintPattern.Of(type, pattern)!, countries);

    public static void Is(this Finding finding, Outcome outcome, string? mechanism = null, string? via = null)
    {
        Assert.True(outcome == finding.Outcome, $"{finding.Outcome} by {string.Join(", ", finding.Rules)}");
        Assert.Equal(mechanism, finding.Mechanisms.Count == 0 ? null : finding.Mechanisms[0].Name);
        if (via is not null)
            Assert.Equal(via, finding.Mechanisms[0].Via);
    }
}
