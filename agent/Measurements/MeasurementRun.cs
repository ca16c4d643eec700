using System.Net;
using System.Reflection;
using Google.Protobuf;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Probes;
using ProbeNet.Agent.Sealing;
using ProbeNet.Agent.Spool;
using ProbeNet.Agent.TestLists;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Measurements;

/// <summary>What a run is made under: looked at once, before it, and valid for it alone.</summary>
sealed record RunTerms(TestListSnapshot List, Consent Consent, Enrollment Enrollment, NetworkKey Key, NetworkView Network)
{
    /// <summary>To try beside those that DNS gives; a control's task alone brings any.</summary>
    public IReadOnlyList<IPAddress> Addresses { get; init; } = [];
}

/// <summary>One scheduled measurement or task, from the check of the network to the journal.</summary>
sealed class MeasurementRun(
    WebMeasurement measurement, NetworkChecks checks, Plans plans, OwnAddresses own, NetworkKeys keys, Journal journal, History history,
    AddressMemory memory, ListTally tally, TrafficMeter traffic, MeasurementOptions options, TimeProvider time)
{
    public const string NetworkChanged = "network_changed";
    public const string NotScrubbed = "not_scrubbed";
    public const string NotKept = "not_kept";
    public const string CaptivePortal = "captive_portal";
    public const string FilterProduct = "filter_product";

    static readonly string Version = Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "0";

    long _counted = traffic.Total;

    /// <param name="measured">Called when the network is free for the next; a late comparison may still wait.</param>
    /// <returns>Why nothing was kept; empty when it was.</returns>
    public async Task<string> RunAsync(string input, Reason reason, RunTerms terms, Action measured, CancellationToken cancellationToken)
    {
        var started = time.GetUtcNow();
        Observed observed;
        Scrubber scrubber;
        NetworkCheck check;
        try
        {
            check = await checks.GetAsync(plans.Check(terms.List), terms.Key.Number, cancellationToken);
            if (Paused(check) is { Length: > 0 } pause)
                return pause;
            scrubber = own.Scrubber();
            var asn = terms.Network.Origin.Asn > 0 ? terms.Network.Origin.Asn : terms.Key.Certified?.Asn ?? 0;
            var plan = plans.Web(terms.List, terms.Consent, input, asn);
            // A popular site's address runs no resolver, and asking it names nobody's test bench.
            plan = plan with
            {
                NonResolver = plan.NonResolver ?? plans.Some(checks.Addresses),
                IsControl = terms.Enrollment.Role == Role.Control,
                Addresses = terms.Enrollment.Role == Role.Control ? terms.Addresses : [],
            };
            observed = await measurement.RunAsync(input, plan, scrubber, cancellationToken);
        }
        finally
        {
            measured();
        }
        memory.Remember(observed.Facts);
        Count(observed.Facts, terms);
        if (observed.Later is { } later)
            observed = await LaterAsync(observed, later, cancellationToken);
        observed.Facts.Network = check;
        var dropped = await KeepAsync(observed, scrubber, Circumstance(started, reason, terms), terms.Key, cancellationToken);
        history.Add(HistoryEntry.Of(started, reason, observed.Facts, dropped));
        return dropped;
    }

    // Before a late comparison: its minutes of silence are no run's.
    void Count(Facts facts, RunTerms terms)
    {
        var total = traffic.Total;
        var bytes = total - Interlocked.Exchange(ref _counted, total);
        var failed = HistoryEntry.Of(time.GetUtcNow(), Reason.Scheduled, facts, "").Failure.Length > 0;
        tally.Add(terms.List, terms.Key.Number, facts.Input, TimeSpan.FromMicroseconds(facts.DurationUs), bytes, failed);
    }

    // Behind either of them a measurement would be of the home (mission, volunteer safety 7).
    static string Paused(NetworkCheck check) =>
        check.Portal == NetworkStates.Portal ? CaptivePortal : check.Filter ? FilterProduct : "";

    // The machine may be told to stop in the minutes of silence: what was seen before them is kept.
    static async Task<Observed> LaterAsync(Observed observed, Func<CancellationToken, Task<Observed>> later, CancellationToken cancellationToken)
    {
        try
        {
            return await later(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return observed;
        }
    }

    async Task<string> KeepAsync(
        Observed observed, Scrubber scrubber, Circumstance circumstance, NetworkKey key, CancellationToken cancellationToken)
    {
        if (!keys.IsCurrent(key))
            return NetworkChanged;
        if (!FactsScrubber.TryScrub(observed.Facts, observed.Certificates, scrubber, out var scrubbed))
            return NotScrubbed;
        List<ByteString> attachments = [.. observed.Certificates.Select(ByteString.CopyFrom)];
        // A stop must not tear a finished measurement away.
        var result = await journal.AppendAsync(key, scrubbed, circumstance, attachments, CancellationToken.None);
        return result == AppendResult.Appended ? "" : NotKept;
    }

    Circumstance Circumstance(DateTimeOffset started, Reason reason, RunTerms terms)
    {
        var grain = options.Session.Grain(terms.Enrollment.Role == Role.Control);
        return new Circumstance
        {
            Time = Floor(started, grain),
            TimeGrain = grain,
            List = terms.List.Name,
            ListVersion = terms.List.Version,
            Reason = reason,
            Asn = terms.Network.Origin.Asn,
            Cc = terms.Network.Origin.Cc,
            Access = terms.Network.Line switch
            {
                LineKind.Mobile => Access.Mobile,
                LineKind.Fixed => Access.Fixed,
                _ => Access.Unknown,
            },
            AgentVersion = Version,
        };
    }

    static long Floor(DateTimeOffset time, uint grain) => time.ToUnixTimeSeconds() / grain * grain;
}
