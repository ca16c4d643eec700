using Google.Protobuf;
using ProbeNet.Collector.Rollout.Stages;

namespace ProbeNet.Collector.Tests.Rollout;

/// <summary>How a release hurts, as shares of the agents that take it.</summary>
/// <param name="Refusing">Do not take it, and say so.</param>
/// <param name="Silenced">Are not heard of again.</param>
/// <param name="Slower">Factor on every agent's run time.</param>
/// <param name="Heavier">Factor on every agent's bytes.</param>
/// <param name="Failing">Added to every agent's share of failed runs.</param>
sealed record Harm(double Refusing = 0, double Silenced = 0, double Slower = 1, double Heavier = 1, double Failing = 0);

/// <summary>
/// Standing agents behind providers of very different size and quality: each has its own pace, weight and failures, some are
/// silent at any time, and every figure is drawn anew at every look.
/// </summary>
sealed class SimulatedFleet
{
    const int OwnAgents = 5;

    readonly Random _random;
    readonly List<Member> _members = [];

    public SimulatedFleet(int volunteers, int isps, int seed)
    {
        _random = new(seed);
        var weights = Enumerable.Range(1, isps).Select(rank => 1.0 / rank).ToArray();
        for (var i = 0; i < volunteers; i++)
            Add(own: false, Pick(weights));
        for (var i = 0; i < OwnAgents; i++)
            Add(own: true, isps);
    }

    public IReadOnlyList<AgentTraits> Volunteers => [.. _members.Where(member => !member.Traits.Own).Select(member => member.Traits)];

    /// <summary>Admitted agents at the moment of the halt, or null when the release went through.</summary>
    public (int Admitted, Stage Stage, string Reason)? Release(string rollout, Harm harm, RolloutRules rules)
    {
        foreach (var member in _members)
            member.Harmed = (_random.NextDouble() < harm.Refusing, _random.NextDouble() < harm.Silenced);
        var (stage, admission) = (Stage.Own, Admission.OwnAlone);
        for (Stage? next = stage; next is not null; next = Admission.After(stage, Volunteers.Count))
        {
            stage = next.Value;
            admission = stage == Stage.Own ? admission : Admission.Of(stage, rollout, Volunteers, admission);
            foreach (var part in new[] { 0.25, 0.5, 1 })
            {
                var soak = rules.Soak[stage];
                var verdict = StageJudge.Judge(stage, soak * part, look: true, [.. _members.Select(member => Evidence(member, admission, rollout, harm))], rules);
                if (verdict.Decision == StageDecision.Halt)
                    return (_members.Count(member => !member.Traits.Own && admission.Admits(member.Traits, rollout)), stage, verdict.Reason);
            }
        }
        return null;
    }

    AgentEvidence Evidence(Member member, Admission admission, string rollout, Harm harm)
    {
        var admitted = admission.Admits(member.Traits, rollout);
        var refuses = admitted && member.Harmed.Refuses;
        var applied = admitted && !refuses;
        var silent = _random.NextDouble() < member.Silence || (applied && member.Harmed.Silenced);
        var now = new RunMeans(
            20, member.Pace * Noise(0.2) * (applied ? harm.Slower : 1), member.Weight * Noise(0.2) * (applied ? harm.Heavier : 1),
            Math.Clamp(member.Failures * Noise(0.5) + (applied ? harm.Failing : 0), 0, 1));
        var before = new RunMeans(20, member.Pace * Noise(0.2), member.Weight * Noise(0.2), member.Failures);
        return new(member.Traits.Asn, member.Traits.Own, admitted, applied, refuses ? "list_bad_signature" : "", silent, now, applied ? before : null);
    }

    void Add(bool own, int isp)
    {
        var key = new byte[16];
        _random.NextBytes(key);
        // A provider's quality, then the line's own.
        var quality = 1 + isp % 5 * 0.4;
        _members.Add(new(
            new(ByteString.CopyFrom(key), own, "KH", (uint)(64500 + isp), ByteString.Empty, "1.0"),
            0.005 * quality, 1200 * quality * Noise(0.6), 40_000 * Noise(0.5), 0.05 * quality * Noise(0.5)));
    }

    // Log-normal with median 1.
    double Noise(double sigma) => Math.Exp(sigma * Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble()));

    int Pick(double[] weights)
    {
        var left = _random.NextDouble() * weights.Sum();
        for (var i = 0; i < weights.Length; i++)
        {
            left -= weights[i];
            if (left < 0)
                return i;
        }
        return weights.Length - 1;
    }

    sealed record Member(AgentTraits Traits, double Silence, double Pace, double Weight, double Failures)
    {
        public (bool Refuses, bool Silenced) Harmed { get; set; }
    }
}
