using System.Net;
using ProbeNet.Collector.Analysis.Controls;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Observations;
using ProbeNet.Collector.Store;

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
        return (seen, Judge(seen, measurement.Asn, _controls.At(measurement.Time), _context));
    }

    /// <param name="asn">The measurement's network; 0 when unknown.</param>
    public static Judgement Judge(Observation? seen, long asn, ControlView controls, JudgingContext context)
    {
        var judgement = FindingJudge.Judge(seen, controls, context);
        // Of its own network's hops an agent tells no more than that; which network that is stands in the row.
        return judgement.Finding is { HopIsOwn: true } finding && asn > 0 ? judgement with { Finding = finding with { HopAsn = asn } } : judgement;
    }

    /// <summary>What of the measurement controls should be asked for; null is the input's name alone.</summary>
    public IReadOnlyCollection<IPAddress?> Untested(StoredMeasurement measurement, Observation seen, Finding finding) =>
        Findings.Untested.Of(seen, finding, _controls.At(measurement.Time));

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
