using ProbeNet.Agent.Uplink;

namespace ProbeNet.Benchmarks.Fleet;

/// <summary>Agents that come a few times a day, by their own plan, in simulated time.</summary>
static class BriefAgents
{
    static readonly TimeSpan Settled = TimeSpan.FromDays(5);

    /// <summary>How long after a release to everybody as many of them have come for it.</summary>
    public static TimeSpan Until(double share, int agents)
    {
        var waits = Enumerable.Range(0, agents).Select(seed =>
        {
            var plan = new ContactPlan(SessionMode.Brief, TimeSpan.FromMinutes(10), new(seed));
            var contact = plan.AtStart();
            // By then nobody remembers when he began.
            while (contact < Settled)
                contact += plan.AfterSuccess();
            return contact - Settled;
        }).Order().ToArray();
        return waits[(int)Math.Ceiling(share * agents) - 1];
    }
}
