using ProbeNet.Agent.Identity;
using ProbeNet.Agent.TestLists;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Measurements;

/// <summary>One measurement on request, of any input, scrubbed like every other and sent nowhere.</summary>
sealed class SingleMeasurement(
    WebMeasurement measurement, NetworkChecks checks, Plans plans, OwnAddresses own, History history, TimeProvider time)
{
    public const string ByHand = "measured_by_hand";

    /// <param name="list">The list in force, if there is one: it brings resolvers, references and fingerprints.</param>
    /// <param name="consent">The volunteer's, if given.</param>
    /// <returns>Null when the facts could not be scrubbed.</returns>
    /// <exception cref="IOException">The disk is full or broken.</exception>
    /// <exception cref="FormatException">The input is no http or https URL on port 80 or 443.</exception>
    public async Task<Observed?> RunAsync(string input, TestListSnapshot? list, Consent? consent, CancellationToken cancellationToken)
    {
        var (started, scrubber) = (time.GetUtcNow(), own.Scrubber());
        var plan = plans.Web(list, consent, input);
        var check = plans.Check(list);
        var network = check.References.Count > 0 ? await checks.GetAsync(check, this, cancellationToken) : new NetworkCheck { Ipv6 = OwnAddresses.HasIpv6() };
        var (facts, certificates, _) = await measurement.RunAsync(input, plan, scrubber, cancellationToken);
        facts.Network = network;
        history.Add(HistoryEntry.Of(started, Reason.Manual, facts, ByHand), byHand: true);
        return FactsScrubber.TryScrub(facts, certificates, scrubber, out var scrubbed) ? new Observed(scrubbed, certificates) : null;
    }
}
