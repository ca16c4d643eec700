using System.Net;
using ProbeNet.Collector.Analysis.Controls;
using ProbeNet.Collector.Observations;
using ProbeNet.Protos;

namespace ProbeNet.Collector.Analysis.Findings;

/// <summary>What a measurement leaves to ask controls. A pure function.</summary>
static class Untested
{
    /// <summary>
    /// Public addresses of the input's host that the volunteer tried and no control ever has; where something was wrong, also
    /// those that no control has tried within the half hour before, or since: what worked in the morning may be down for
    /// everybody. Null stands for the name alone, where it led to no address that could be tried.
    /// </summary>
    public static IReadOnlyCollection<IPAddress?> Of(Observation seen, Finding finding, ControlView control)
    {
        var host = HostName.Of(seen.Input);
        var doubted = IsDoubted(finding);
        var own = seen.Dns.Where(q => q.Hostname == host && q.Resolver != ResolverNames.NonResolver).SelectMany(q => q.Addresses).ToHashSet();
        var tried = seen.Tcp.Where(c => c.Endpoint.Port == seen.Input.Port && own.Contains(c.Endpoint.Address) && !Bogon.Is(c.Endpoint.Address)).ToArray();
        if (tried.Length == 0)
            return doubted && !control.AskedLately(host) ? [null] : [];
        return [.. tried.Where(c => !control.Tested(c.Endpoint) || ((doubted || Failed(seen, c)) && !control.TestedLately(c.Endpoint)))
            .Select(c => c.Endpoint.Address).Distinct()];
    }

    static bool IsDoubted(Finding finding) =>
        finding.Outcome is not (Outcome.Ok or Outcome.Discarded) || finding.DiscardReason == DiscardReasons.NoControl;

    // Listed only, where the page was reached elsewhere; controls are asked all the same.
    static bool Failed(Observation seen, TcpObservation connect) =>
        connect.Failure.Length > 0 || seen.Tls.Any(h => h.Endpoint == connect.Endpoint && h.Arm.Length == 0 && h.Failure.Length > 0);
}
