using ProbeNet.Collector.Analysis.Controls;
using ProbeNet.Collector.Observations;
using ProbeNet.Protos;

namespace ProbeNet.Collector.Analysis.Findings;

/// <summary>A finding and the marks that may prove, with those of other names, a common sink.</summary>
sealed record Judgement(Finding Finding, IReadOnlyList<string> Strays);

/// <summary>From one measurement and its controls to its finding. A pure function: nothing else enters.</summary>
static class FindingJudge
{
    public static Judgement Judge(Observation? seen, ControlView control, JudgingContext context)
    {
        var (finding, strays) = Cascade(seen, control, context);
        if (seen is not null && AddressFamilies.AreBothTried(seen))
            finding = finding with { Families = [.. AddressFamilies.All.Select(one => OfFamily(one.Name, AddressFamilies.Only(seen, one.Length), control, context))] };
        return new(finding with
        {
            Evidence = EvidenceOf(finding),
            RulesVersion = Rules.Version,
            FingerprintVersion = context.Fingerprints.Version,
            Controls = [.. control.Networks],
        }, strays);
    }

    static FamilyFinding OfFamily(string name, Observation seen, ControlView control, JudgingContext context)
    {
        var finding = Cascade(seen, control, context).Finding;
        return new(name, finding.Outcome, finding.Mechanisms);
    }

    static Judgement Cascade(Observation? seen, ControlView control, JudgingContext context)
    {
        var firings = new Firings();
        if (seen is null)
        {
            firings.Fire(Rules.Unreadable);
            return new(Discarded(firings, DiscardReasons.Unreadable), []);
        }
        if (NotTheNetworks(seen) is { } rule)
        {
            firings.Fire(rule);
            return new(Discarded(firings, rule == Rules.NetworkDown ? DiscardReasons.NetworkDown : DiscardReasons.ReferencesFailed), []);
        }
        var comparison = new Comparison(seen, control, context);
        new DnsRules(comparison, firings).Apply();
        new TransportRules(comparison, firings).Apply();
        var slowed = new ThrottleRules(comparison, firings).Apply();
        new HttpRules(comparison, firings, slowed).Apply();
        new QuicRules(comparison, firings).Apply();
        return new(Conclude(comparison, firings), firings.Strays);
    }

    /// <summary>What stands between the machine and its provider speaks for itself, and first.</summary>
    static Rule? NotTheNetworks(Observation seen)
    {
        if (seen.Network.Portal == NetworkStates.Portal)
            return Rules.CaptivePortal;
        if (seen.Network.Filter)
            return Rules.FilterProduct;
        if (seen.Network.Tunnel)
            return Rules.Tunnel;
        if (!seen.References.Any(r => r.Failure.Length > 0))
            return null;
        return seen.References.All(r => r.Failure.Length > 0) && !AnythingAnswered(seen) ? Rules.NetworkDown : Rules.ReferencesFailed;
    }

    static Finding Conclude(Comparison comparison, Firings firings)
    {
        if (firings.Any(RuleEffect.Artefact))
            return Found(comparison, firings, Outcome.Artefact, Loci.Network);
        if (firings.Any(RuleEffect.Slow))
            return Found(comparison, firings, Outcome.Slow, Loci.Network);
        if (firings.Any(RuleEffect.Ok) || firings.Any(RuleEffect.Refused))
            return firings.Any(RuleEffect.Refused) ? Found(comparison, firings, Outcome.Refused, Loci.Server) : Found(comparison, firings, Outcome.Ok, Loci.Unknown);
        if (firings.Any(RuleEffect.Anomaly))
        {
            if (comparison.Seen.References.Count > 0 || !comparison.Context.WantsReferences)
                return Found(comparison, firings, Outcome.Anomaly, Loci.Unknown);
            firings.Fire(Rules.NoReferences);
            return Discarded(firings, DiscardReasons.ReferencesFailed);
        }
        if (firings.Any(RuleEffect.Down))
            return Found(comparison, firings, Outcome.Down, Loci.Server);
        if (firings.Any(RuleEffect.NoControl))
            return Discarded(firings, DiscardReasons.NoControl);
        firings.Fire(Rules.Incomplete);
        return Discarded(firings, DiscardReasons.Incomplete);
    }

    static bool AnythingAnswered(Observation seen) =>
        seen.Dns.Any(q => q.Replies.Count > 0 || q.Addresses.Count > 0) || seen.Tcp.Any(c => c.Failure.Length == 0)
        || seen.Http.Any(e => e.Failure.Length == 0);

    static Finding Discarded(Firings firings, string reason) =>
        new() { Outcome = Outcome.Discarded, DiscardReason = reason, Rules = RuleIds(firings) };

    static string EvidenceOf(Finding finding) => finding switch
    {
        { Outcome: not Outcome.Discarded } => Evidences.Scored,
        { DiscardReason: DiscardReasons.Incomplete or DiscardReasons.Unreadable or DiscardReasons.NoControl } => Evidences.None,
        _ => Evidences.Discarded,
    };

    static Finding Found(Comparison comparison, Firings firings, Outcome outcome, string locus)
    {
        var mechanisms = MechanismsOf(firings);
        var place = outcome is Outcome.Artefact or Outcome.Anomaly ? Place(comparison, mechanisms, firings) : null;
        return new()
        {
            Outcome = outcome,
            Mechanisms = mechanisms,
            Layer = mechanisms.Length == 0 ? null : LayerOf(mechanisms[0].Name),
            Locus = place is null ? locus : Loci.Network,
            HopAsn = place?.HopAsn,
            Hop = place?.Distance,
            HopIsOwn = place?.OwnAs ?? false,
            Rules = RuleIds(firings),
            Artefacts = [.. firings.All.Select(f => f.Artefact).OfType<string>().Distinct(StringComparer.Ordinal)],
            Tokens = [.. firings.All.Select(f => f.Token).OfType<string>().Distinct(StringComparer.Ordinal)],
        };
    }

    // The strongest mechanism whose layer was tested. What fails on the way to a false answer's address says nothing of the target.
    static PathPlace? Place(Comparison comparison, IReadOnlyList<FoundMechanism> mechanisms, Firings firings)
    {
        PathObservation[] paths = [.. comparison.Seen.Paths.Where(p => p.Address is null || p.Arm == ComparisonArms.Innocuous
            || comparison.Trust(comparison.HostOf(p.Address), p.Address) != AddressTrust.None)];
        foreach (var layer in mechanisms.Select(m => LayerOf(m.Name)).Distinct(StringComparer.Ordinal))
        {
            if (PathLocator.Locate(paths, layer, out var reason) is { } place)
            {
                firings.Fire(Rules.PlaceLocated);
                return place;
            }
            if (reason is not null)
                firings.Fire(Rules.PlaceUnknown, token: $"place:{reason}");
        }
        return null;
    }

    static string[] RuleIds(Firings firings) => [.. firings.All.Select(f => f.Rule.Id).Distinct(StringComparer.Ordinal)];

    /// <summary>Strongest first, what decides nothing last, each once; what claims less than another of the same path is left out.</summary>
    static FoundMechanism[] MechanismsOf(Firings firings)
    {
        var ordered = firings.All.Where(f => f.Mechanism is not null).OrderBy(f => f.Rule.Effect == RuleEffect.Notes).ThenByDescending(f => f.Weight)
            .Select(f => new FoundMechanism(f.Mechanism!, f.Via)).DistinctBy(m => m.Name, StringComparer.Ordinal).ToArray();
        return [.. ordered.Where(m => !Array.Exists(ordered, o => o.Name.StartsWith(m.Name + ".", StringComparison.Ordinal)))];
    }

    static string LayerOf(string mechanism) => mechanism.Split('.')[0] switch
    {
        "ip" => Layers.Tcp,
        "throttle" => Layers.Http,
        var layer => layer,
    };
}
