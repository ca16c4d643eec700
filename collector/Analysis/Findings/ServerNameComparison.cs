using ProbeNet.Collector.Observations;
using ProbeNet.Protos;

namespace ProbeNet.Collector.Analysis.Findings;

/// <summary>
/// The same address asked for the target's name and for an innocuous one, in one measurement. One pair is a comparison: that it
/// repeats is asked of the cell, hour after hour and home after home.
/// </summary>
static class ServerNameComparison
{
    const double Share = 0.75;

    public static bool IsPositive(Observation seen, TlsObservation ordinary)
    {
        int target = 0, targetFailed = 0, targetAlerted = 0, innocuous = 0, innocuousAnswered = 0, innocuousCertified = 0;
        foreach (var handshake in seen.Tls)
        {
            if (handshake.Endpoint != ordinary.Endpoint)
                continue;
            if (handshake.Arm == ComparisonArms.Innocuous)
            {
                innocuous++;
                innocuousAnswered += handshake.Answered ? 1 : 0;
                innocuousCertified += handshake.Chain.Count > 0 ? 1 : 0;
            }
            else if (handshake.ServerName == ordinary.ServerName)
            {
                target++;
                targetFailed += handshake.Answered ? 0 : 1;
                targetAlerted += handshake.Alert > 0 && handshake.Chain.Count == 0 ? 1 : 0;
            }
        }
        if (target == 0 || innocuous == 0)
            return false;
        // A server that turns its own name away with an alert would hardly show another name a certificate.
        return (targetFailed >= Share * target && innocuousAnswered >= Share * innocuous)
            || (targetFailed + targetAlerted >= Share * target && innocuousCertified >= Share * innocuous);
    }
}
