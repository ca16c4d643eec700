using System.Net;
using ProbeNet.Collector.Analysis.Controls;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Observations;
using ProbeNet.Collector.Store;
using ProbeNet.Protos;

namespace ProbeNet.Collector.Analysis;

/// <summary>Judges measurements of one host in one country on one day, and fetches the certificates that this needs.</summary>
sealed class Judging
{
    readonly ObservationReader _reader;
    readonly ControlTimeline _controls;
    readonly JudgingContext _context;
    readonly Dictionary<string, CertificateFacts> _certificates = new(StringComparer.Ordinal);
    readonly HashSet<string> _looked = new(StringComparer.Ordinal);

    public Judging(ObservationReader reader, ControlTimeline controls, string cc, FingerprintSet fingerprints, IReadOnlySet<string> sharedMarks)
    {
        _reader = reader;
        _controls = controls;
        _context = new(cc, fingerprints, sharedMarks, _certificates);
    }

    public async Task<(Observation? Seen, Judgement Judgement)> JudgeAsync(StoredMeasurement measurement, CancellationToken ct)
    {
        var seen = ObservationParser.Parse(measurement.Details);
        foreach (var handshake in seen?.Tls ?? [])
            if (handshake.Failure.Length > 0 && handshake.Chain.Count > 0 && _looked.Add(handshake.Chain[0])
                && await _reader.BlobAsync(handshake.Chain[0], ct) is { } der && CertificateFacts.Read(der) is { } facts)
                _certificates[handshake.Chain[0]] = facts;
        var judgement = FindingJudge.Judge(seen, _controls.At(measurement.Time), _context);
        // Of its own network's hops an agent tells no more than that; which network that is stands in the row.
        if (judgement.Finding is { HopIsOwn: true } finding && measurement.Asn > 0)
            judgement = judgement with { Finding = finding with { HopAsn = measurement.Asn } };
        return (seen, judgement);
    }

    /// <summary>
    /// Public addresses of the input's host that the volunteer tried and no control has; where it failed just now, also those
    /// that controls have not tried just now: what worked in the morning may be down for everybody.
    /// </summary>
    public IEnumerable<IPAddress> Untested(StoredMeasurement measurement, Observation seen, DateTimeOffset now)
    {
        var fresh = now - measurement.Time < ControlTimeline.Fresh;
        var control = _controls.At(measurement.Time);
        var host = HostName.Of(seen.Input);
        var own = seen.Dns.Where(q => q.Hostname == host && q.Resolver != ResolverNames.NonResolver).SelectMany(q => q.Addresses).ToHashSet();
        return seen.Tcp.Where(c => c.Endpoint.Port == seen.Input.Port && own.Contains(c.Endpoint.Address) && !Bogon.Is(c.Endpoint.Address)
                && (!control.Tested(c.Endpoint) || (fresh && Failed(seen, c) && !control.TestedLately(c.Endpoint))))
            .Select(c => c.Endpoint.Address).Distinct();
    }

    static bool Failed(Observation seen, TcpObservation connect) =>
        connect.Failure.Length > 0 || seen.Tls.Any(h => h.Endpoint == connect.Endpoint && h.Arm.Length == 0 && h.Failure.Length > 0);

    /// <summary>The controls that bear on measurements of [since, until).</summary>
    public static async Task<ControlTimeline> ControlsAsync(
        ObservationReader reader, string host, DateTimeOffset since, DateTimeOffset until, CancellationToken ct)
    {
        var sights = new List<ControlSight>();
        await foreach (var measurement in reader.ControlsAsync(host, since - ControlTimeline.Reach, until + ControlTimeline.Reach, ct))
            if (ObservationParser.Parse(measurement.Details) is { } observation)
                sights.Add(ControlSight.Of(measurement, observation));
        return new(sights);
    }
}
