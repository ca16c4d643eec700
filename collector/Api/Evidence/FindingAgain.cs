using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Analysis.Controls;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Observations;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Api.Evidence;

/// <summary>Judges a bundle's facts anew: a finding is a function of facts, controls, rules and fingerprints.</summary>
static class FindingAgain
{
    public static void Check(BundleArchive archive, Facts facts, BundleFinding said, BundleFingerprints fingerprints, Claims claims)
    {
        var circumstance = archive.Message(Circumstance.Parser, BundleFile.Circumstance);
        if (circumstance is null || !archive.Index.AllControls || archive.Index.Controls.Any(control => control.Asn == 0))
        {
            claims.Add(Strength.CollectorsWord, $"The finding \"{said.Finding.Outcome}\" under the rules that are here: computing it again takes the circumstance and all controls.");
            return;
        }
        var again = FindingView.Of(Judge(archive, facts, circumstance, said, fingerprints));
        claims.Proves(BundleJson.Write(again).AsSpan().SequenceEqual(BundleJson.Write(said.Finding)),
            $"The finding \"{said.Finding.Outcome}\" follows from facts and controls: computed again here, under the same rules and fingerprints.",
            $"The finding does not follow from facts and controls: computed again here it is \"{again.Outcome}\"{(again.Mechanisms is [var first, ..] ? $" ({first})" : "")} by {string.Join(", ", again.Rules)}.");
    }

    static Finding Judge(BundleArchive archive, Facts facts, Circumstance circumstance, BundleFinding said, BundleFingerprints fingerprints)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(circumstance.Time, 0, uint.MaxValue));
        var seen = ObservationParser.Of(facts, circumstance);
        var certificates = new Dictionary<string, CertificateFacts>(StringComparer.Ordinal);
        foreach (var leaf in (seen?.Tls ?? []).Where(handshake => handshake.Failure.Length > 0 && handshake.Chain.Count > 0).Select(handshake => handshake.Chain[0]))
            if (archive.Find(BundleFile.Attachment(Convert.FromHexString(leaf))) is { } der && CertificateFacts.Read(der) is { } read)
                certificates[leaf] = read;
        var context = new JudgingContext(
            said.Cc, new FingerprintSet(fingerprints.Used.Select(known => known.Known()).OfType<Fingerprint>(), fingerprints.Version),
            said.SharedMarks.ToHashSet(StringComparer.Ordinal), certificates);
        return Judging.Judge(seen, said.Asn, new ControlTimeline(Sights(archive, time)).At(time), context).Finding;
    }

    static IEnumerable<ControlSight> Sights(BundleArchive archive, DateTimeOffset time)
    {
        foreach (var control in archive.Index.Controls)
            if (archive.Message(SealedMeasurement.Parser, BundleFile.Control(control.Uid)) is { } measurement
                && BundleArchive.Parse(Circumstance.Parser, measurement.Circumstance) is { } circumstance
                && DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(circumstance.Time, 0, uint.MaxValue)) is var at && at >= time - ControlTimeline.Reach && at < time + ControlTimeline.Reach
                && BundleArchive.Parse(Facts.Parser, measurement.Facts) is { } facts && ObservationParser.Of(facts, circumstance) is { } seen)
                yield return new(at, control.Uid, $"AS{control.Asn}", seen);
    }
}
