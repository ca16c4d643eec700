using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Protos;

namespace ProbeNet.Collector.Analysis.Worlds;

/// <summary>
/// What an observation of a world file shows. The file has what agents and controls saw already put together, so that
/// here only the words of the contract are applied, with the same meaning that the rules over real observations give them.
/// </summary>
static class WorldFindings
{
    const string StatusToken = "status:";

    /// <summary>Networks of controls that must agree before their word is one (contract 2, issue 4).</summary>
    const int ControlNetworks = 2;

    // Seen beside a page that was reached; alone no reason to call it unreachable.
    static readonly string[] ListedOnly = [Mechanisms.DnsDohBlocked, Mechanisms.HttpHijack, "quic"];

    /// <param name="controls">Control vantage points of the world.</param>
    public static Finding Of(WorldObservation seen, int controls)
    {
        if (!seen.ReferenceOk)
            return Discarded(DiscardReasons.ReferencesFailed);
        if (seen.Ok || ListedOnly.Any(listed => Is(seen.Mechanism, listed)))
            return Found(seen, Outcome.Ok, Loci.Unknown);
        if (seen.Mechanism is null && seen.Token?.StartsWith(StatusToken, StringComparison.Ordinal) == true)
            return Found(seen, Outcome.Refused, Loci.Server);
        var control = controls < ControlNetworks ? null : seen.ControlOk;
        if (control is null)
            return Discarded(DiscardReasons.NoControl);
        if (control is false)
            return Found(seen with { Mechanism = null, Layer = null, Token = null }, Outcome.Down, Loci.Server);
        // The resolver invents answers for names that do not exist: of a name that exists this says nothing.
        if (Is(seen.Mechanism, Mechanisms.DnsRewrite))
            return Discarded(DiscardReasons.Incomplete);
        if (Is(seen.Mechanism, "throttle"))
            return Found(seen, Outcome.Slow, Loci.Network);
        var artefact = ArtefactOf(seen);
        return artefact is null
            ? Found(seen, Outcome.Anomaly, Loci.Unknown)
            : Found(seen, Outcome.Artefact, Loci.Network) with { Artefacts = [artefact] };
    }

    static string? ArtefactOf(WorldObservation seen) => seen.Mechanism switch
    {
        Mechanisms.DnsInjectionBogon => Artefacts.Bogon,
        Mechanisms.DnsInjectionBlockpage or Mechanisms.HttpBlockpage => Artefacts.Blockpage,
        Mechanisms.DnsInjectionSink => Artefacts.Sink,
        Mechanisms.DnsInjectionRace or Mechanisms.DnsHijack => Artefacts.Injected,
        // A false answer says that it was proven false only where the file says who gave it.
        Mechanisms.DnsInjection when seen.Via is Vias.Path => Artefacts.Injected,
        Mechanisms.TlsResetSni or Mechanisms.TlsTimeoutSni or Mechanisms.TlsCloseSni or Mechanisms.HttpResetHost or Mechanisms.HttpTimeoutHost
            => Artefacts.SniComparison,
        _ when Is(seen.Mechanism, Mechanisms.TlsMitm) => Artefacts.FalseCertificate,
        // "via resolver" means that other resolvers were asked and told the truth.
        Mechanisms.DnsNxdomain or Mechanisms.DnsRefused or Mechanisms.DnsServfail or Mechanisms.DnsEmpty or Mechanisms.DnsInjection
            when seen.Via is Vias.Resolver => Artefacts.ResolverContradiction,
        _ => null,
    };

    static Finding Discarded(string reason) => new() { Outcome = Outcome.Discarded, DiscardReason = reason };

    static Finding Found(WorldObservation seen, Outcome outcome, string locus)
    {
        // Every dotted prefix is a mechanism: a layer alone claims least.
        var mechanism = seen.Mechanism ?? (outcome == Outcome.Anomaly ? seen.Layer : null);
        var located = seen.HopAsn is not null && outcome is Outcome.Artefact or Outcome.Anomaly;
        return new()
        {
            Outcome = outcome,
            Mechanisms = mechanism is null ? [] : [new(mechanism, seen.Via ?? (Is(mechanism, Layers.Dns) ? Vias.Unknown : null))],
            Layer = seen.Layer ?? mechanism?.Split('.')[0],
            Locus = located ? Loci.Network : locus,
            HopAsn = located ? seen.HopAsn : null,
            Hop = located ? seen.Hop : null,
            Tokens = seen.Token is null || outcome == Outcome.Ok ? [] : [seen.Token],
        };
    }

    static bool Is(string? mechanism, string node) =>
        mechanism is not null && (mechanism == node || mechanism.StartsWith(node + ".", StringComparison.Ordinal));
}
