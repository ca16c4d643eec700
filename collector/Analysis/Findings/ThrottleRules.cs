using ProbeNet.Collector.Observations;
using ProbeNet.Protos;

namespace ProbeNet.Collector.Analysis.Findings;

/// <summary>
/// A page that came slowly, twice, against an innocuous name at the same address, a reference on the same line and the
/// page as controls get it (analysis 5.4). A slow line slows them all; a slow server slows controls too.
/// </summary>
sealed class ThrottleRules(Comparison comparison, Firings firings)
{
    const double Slow = 48 * 1024;
    const double Ratio = 3;
    const double Alike = 1.5;

    // Below this a pace is the start of a connection, not the line's.
    const uint Enough = 4 * 1024;

    /// <summary>True when a slow page was found: what failed on it failed of that.</summary>
    public bool Apply()
    {
        var found = false;
        foreach (var exchange in comparison.Seen.Http.Where(e => Pace(e) <= Slow))
            found |= Judge(exchange);
        return found;
    }

    bool Judge(HttpObservation exchange)
    {
        if (Arm(exchange, ComparisonArms.Target) is not { } again || again > Slow
            || comparison.Trust(HostName.Of(exchange.Url), exchange.Endpoint.Address) == AddressTrust.None)
            return false;
        var slow = Math.Max(Pace(exchange)!.Value, again);
        var reference = comparison.Seen.Arms.Where(a => a.Arm == ComparisonArms.Reference).Select(Pace).FirstOrDefault(p => p is not null);
        var innocuous = Arm(exchange, ComparisonArms.Innocuous);
        var controls = comparison.Control.Pages.Select(Pace).OfType<double>().Order().ToArray();
        // Where controls get the page slowly too, or the line is slow for everybody, nobody slows this page.
        if ((controls.Length > 0 && controls[controls.Length / 2] < Ratio * slow) || reference < Ratio * slow)
            return false;
        if (innocuous >= Ratio * slow)
            firings.Fire(Rules.ThrottledName, Mechanisms.ThrottleSni);
        else if (innocuous <= Alike * slow && reference is not null && controls.Length > 0)
            firings.Fire(Rules.ThrottledAddress, Mechanisms.ThrottleIp);
        else if (innocuous is null && reference is not null && controls.Length > 0)
            firings.Fire(Rules.Throttled, Mechanisms.Throttle);
        else
            return false;
        return true;
    }

    double? Arm(HttpObservation exchange, string arm) =>
        comparison.Seen.Arms.Where(a => a.Arm == arm && a.Endpoint == exchange.Endpoint).Select(Pace).FirstOrDefault(p => p is not null);

    /// <summary>Bytes a second once they came; null where too few came to tell.</summary>
    static double? Pace(HttpObservation exchange)
    {
        var end = (double)exchange.StartedUs + exchange.DurationUs;
        return exchange.Received < Enough || exchange.FirstByteUs == 0 || end <= exchange.FirstByteUs
            ? null : exchange.Received * 1e6 / Math.Max(1000, end - exchange.FirstByteUs);
    }
}
