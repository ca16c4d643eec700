using ProbeNet.Collector.Analysis.Controls;
using ProbeNet.Collector.Observations;

namespace ProbeNet.Collector.Analysis.Findings;

/// <summary>A finding and the marks that may prove, with those of other names, a common sink.</summary>
sealed record Judgement(Finding Finding, IReadOnlyList<string> Strays);

/// <summary>From one measurement and its controls to its finding. A pure function: nothing else enters.</summary>
static class FindingJudge
{
    public static Judgement Judge(Observation? seen, ControlView control, JudgingContext context)
    {
        var firings = new Firings();
        if (seen is null)
        {
            firings.Fire(Rules.Unreadable);
            return new(Discarded(firings, DiscardReasons.Unreadable), []);
        }
        if (seen.References.Any(r => r.Failure.Length > 0))
        {
            var down = seen.References.All(r => r.Failure.Length > 0) && !AnythingAnswered(seen);
            firings.Fire(down ? Rules.NetworkDown : Rules.ReferencesFailed);
            return new(Discarded(firings, down ? DiscardReasons.NetworkDown : DiscardReasons.ReferencesFailed), []);
        }
        var comparison = new Comparison(seen, control, context);
        new DnsRules(comparison, firings).Apply();
        new TransportRules(comparison, firings).Apply();
        new HttpRules(comparison, firings).Apply();
        return new(Conclude(seen, firings), firings.Strays);
    }

    static Finding Conclude(Observation seen, Firings firings)
    {
        if (firings.Any(RuleEffect.Artefact))
            return Found(firings, Outcome.Artefact, Loci.Network);
        if (firings.Any(RuleEffect.Ok) || firings.Any(RuleEffect.Refused))
            return firings.Any(RuleEffect.Refused) ? Found(firings, Outcome.Refused, Loci.Server) : Found(firings, Outcome.Ok, Loci.Unknown);
        if (firings.Any(RuleEffect.Anomaly))
        {
            if (seen.References.Count > 0)
                return Found(firings, Outcome.Anomaly, Loci.Unknown);
            firings.Fire(Rules.NoReferences);
            return Discarded(firings, DiscardReasons.ReferencesFailed);
        }
        if (firings.Any(RuleEffect.Down))
            return Found(firings, Outcome.Down, Loci.Server);
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

    static Finding Found(Firings firings, Outcome outcome, string locus)
    {
        var mechanisms = MechanismsOf(firings);
        return new()
        {
            Outcome = outcome,
            Mechanisms = mechanisms,
            Layer = mechanisms.Length == 0 ? null : LayerOf(mechanisms[0].Name),
            Locus = locus,
            Rules = RuleIds(firings),
            Artefacts = [.. firings.All.Select(f => f.Artefact).OfType<string>().Distinct(StringComparer.Ordinal)],
            Tokens = [.. firings.All.Select(f => f.Token).OfType<string>().Distinct(StringComparer.Ordinal)],
        };
    }

    static string[] RuleIds(Firings firings) => [.. firings.All.Select(f => f.Rule.Id).Distinct(StringComparer.Ordinal)];

    /// <summary>Strongest first, each once; what claims less than another of the same path is left out.</summary>
    static FoundMechanism[] MechanismsOf(Firings firings)
    {
        var ordered = firings.All.Where(f => f.Mechanism is not null).OrderByDescending(f => f.Weight)
            .Select(f => new FoundMechanism(f.Mechanism!, f.Via)).DistinctBy(m => m.Name, StringComparer.Ordinal).ToArray();
        return [.. ordered.Where(m => !Array.Exists(ordered, o => o.Name.StartsWith(m.Name + ".", StringComparison.Ordinal)))];
    }

    static string LayerOf(string mechanism) => mechanism.Split('.')[0] switch
    {
        "ip" => Layers.Tcp,
        var layer => layer,
    };
}
