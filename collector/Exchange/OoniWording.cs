using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Observations.Ooni;

namespace ProbeNet.Collector.Exchange;

/// <summary>A finding in the few words that OONI has for it (ts-017): there is none for TLS, for slowing or for a server that refuses.</summary>
static class OoniWording
{
    public static OoniVerdict Of(Finding finding)
    {
        var dns = finding.Layer == Layers.Dns && finding.Outcome.IsInterference();
        return finding.Outcome switch
        {
            Outcome.Artefact or Outcome.Anomaly => new(Blocking(finding), false, dns ? "inconsistent" : "consistent"),
            Outcome.Ok or Outcome.Slow or Outcome.Refused => new("false", true, "consistent"),
            Outcome.Down => new("false", false, "consistent"),
            _ => new(null, null, null),
        };
    }

    static string Blocking(Finding finding) => finding.Layer switch
    {
        Layers.Dns => "dns",
        Layers.Tcp => "tcp_ip",
        Layers.Http when finding.Artefacts.Contains(Artefacts.Blockpage) || finding.Rules.Contains(Rules.HttpDifferent.Id) => "http-diff",
        _ => "http-failure",
    };
}
