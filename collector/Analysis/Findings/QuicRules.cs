using ProbeNet.Collector.Analysis.Controls;
using ProbeNet.Collector.Observations;
using ProbeNet.Protos;

namespace ProbeNet.Collector.Analysis.Findings;

/// <summary>QUIC towards the target's addresses. A browser falls back to TCP, so this alone never decides.</summary>
sealed class QuicRules(Comparison comparison, Firings firings)
{
    public void Apply()
    {
        foreach (var place in comparison.Seen.Quic.Where(q => q.Arm == ComparisonArms.None && !q.ReservedVersion).GroupBy(q => (q.Endpoint, q.ServerName)))
            Judge(place.FirstOrDefault(q => !Attempts.IsSilence(q.Failure)) ?? place.First());
    }

    void Judge(QuicObservation exchange)
    {
        var closed = exchange.Reply == QuicReplies.Close;
        if ((exchange.Reply.Length > 0 && !closed) || comparison.IsMasked(exchange.Endpoint.Address, exchange.Failure)
            || comparison.Trust(exchange.ServerName, exchange.Endpoint.Address) == AddressTrust.None
            || comparison.Control.Quic(exchange.Endpoint, exchange.ServerName) != ControlVerdict.Works)
            return;
        // A network without QUIC at all is not a site without it.
        if (!comparison.Seen.References.Any(r => r.Quic == NetworkStates.Answered))
            firings.Fire(Rules.QuicUnknown);
        else
            firings.Fire(Rules.QuicFails, Attempts.IsSilence(exchange.Failure) ? Mechanisms.QuicTimeout : Mechanisms.QuicReset);
    }
}
