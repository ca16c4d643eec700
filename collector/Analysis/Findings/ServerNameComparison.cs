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
        int target = 0, targetFailed = 0, innocuous = 0, innocuousAnswered = 0;
        foreach (var handshake in seen.Tls)
        {
            if (handshake.Endpoint != ordinary.Endpoint)
                continue;
            if (handshake.Arm == ComparisonArms.Innocuous)
            {
                innocuous++;
                innocuousAnswered += Answered(handshake) ? 1 : 0;
            }
            else if (handshake.ServerName == ordinary.ServerName)
            {
                target++;
                targetFailed += Answered(handshake) ? 0 : 1;
            }
        }
        return target >= 1 && innocuous >= 1 && targetFailed >= Share * target && innocuousAnswered >= Share * innocuous;
    }

    // A certificate for another name is what a server that does not know the innocuous name gives: it was asked, and it spoke.
    // So did one that ends the handshake with an alert.
    static bool Answered(TlsObservation handshake) => handshake.Failure.Length == 0 || handshake.Chain.Count > 0 || handshake.Alert > 0;
}
