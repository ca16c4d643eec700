using System.Net;
using System.Security.Cryptography;
using System.Text;
using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Analysis.Controls;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Observations;
using ProbeNet.Lab.Agents;
using ProbeNet.Protos.V1;

namespace ProbeNet.Lab.Judging;

/// <summary>A sight and what the collector's rules say of it.</summary>
sealed record JudgedSight(AgentSight Sight, Observation Seen, Finding Finding)
{
    public string Domain => HostName.Of(Seen.Input);
}

/// <summary>
/// The collector's own rules over what agents saw, as its worker applies them to a day: controls beside every measurement,
/// sinks that names of two owners share, unit days, cells. Only the store is not there.
/// </summary>
sealed class Judge(string cc, FingerprintSet fingerprints)
{
    /// <param name="controls">Sights of controls, by the network each stands in.</param>
    public IReadOnlyList<JudgedSight> Findings(IReadOnlyList<AgentSight> sights, IReadOnlyList<(string Network, AgentSight Sight)> controls)
    {
        var timelines = Timelines(controls);
        var certificates = Certificates(sights);
        var seen = sights.Select(sight => (Sight: sight, Seen: ObservationParser.Parse(sight.Details)!)).ToArray();
        var strays = seen.SelectMany(one => Judged(one.Sight, one.Seen, []).Strays.Select(mark => (Mark: mark, Owner: HostName.Registrable(HostName.Of(one.Seen.Input)))));
        var shared = strays.Distinct().GroupBy(one => one.Mark, StringComparer.Ordinal).Where(mark => mark.Count() > 1).Select(mark => mark.Key).ToHashSet(StringComparer.Ordinal);
        return [.. seen.Select(one => new JudgedSight(one.Sight, one.Seen, Judged(one.Sight, one.Seen, shared).Finding))];

        Judgement Judged(AgentSight sight, Observation observation, HashSet<string> marks) =>
            FindingJudge.Judge(observation, ViewOf(timelines, sight, observation), new JudgingContext(cc, fingerprints, marks, certificates));
    }

    /// <summary>What controls are asked for, as the collector asks them: addresses by input, none where the name led to none.</summary>
    public Dictionary<string, string[]> Untested(IReadOnlyList<AgentSight> sights, IReadOnlyList<(string Network, AgentSight Sight)> controls)
    {
        var timelines = Timelines(controls);
        var wishes = from one in Findings(sights, controls)
                     from address in Collector.Analysis.Findings.Untested.Of(one.Seen, one.Finding, ViewOf(timelines, one.Sight, one.Seen))
                     group address by one.Seen.Input.OriginalString;
        return wishes.ToDictionary(one => one.Key, one => one.OfType<IPAddress>().Select(address => $"{address}").Distinct(StringComparer.Ordinal).ToArray(), StringComparer.Ordinal);
    }

    static Dictionary<string, ControlTimeline> Timelines(IReadOnlyList<(string Network, AgentSight Sight)> controls) => controls
        .Select(one => (one.Network, one.Sight, Seen: ObservationParser.Parse(one.Sight.Details)!))
        .GroupBy(one => HostName.Of(one.Seen.Input), StringComparer.Ordinal)
        .ToDictionary(host => host.Key, host => new ControlTimeline(host.Select(one => new ControlSight(one.Sight.Time, Guid.Empty, one.Network, one.Seen))), StringComparer.Ordinal);

    static ControlView ViewOf(Dictionary<string, ControlTimeline> timelines, AgentSight sight, Observation seen) =>
        timelines.TryGetValue(HostName.Of(seen.Input), out var timeline) ? timeline.At(sight.Time) : ControlView.Empty;

    /// <summary>The cells of one provider. Each host is a volunteer of its own group on a network that the collector observed.</summary>
    public IReadOnlyList<Cell> Cells(long asn, IEnumerable<JudgedSight> judged) =>
    [
        .. from host in judged.GroupBy(one => one.Domain, StringComparer.Ordinal)
           let days = from day in host.GroupBy(one => DateOnly.FromDateTime(one.Sight.Time.UtcDateTime))
                      let builder = Built(asn, host.Key, day.Key, day)
                      from unit in builder.Build()
                      select unit
           // No waiting for two hours: what would be blocked after them counts at once.
           select CellJudge.Judge([.. days], new CellRules(TimeSpan.Zero)).Cell,
    ];

    UnitDayBuilder Built(long asn, string host, DateOnly day, IEnumerable<JudgedSight> judged)
    {
        var builder = new UnitDayBuilder(cc, host, day, new HashSet<string>(StringComparer.Ordinal));
        foreach (var one in judged)
        {
            var unit = SHA256.HashData(Encoding.UTF8.GetBytes(one.Sight.Host))[..16];
            var measurement = new StoredMeasurement(
                one.Sight.Time, Guid.NewGuid(), cc, asn, AsnSource.Bound, Access.Fixed, Role.Agent, unit, unit, Reason.Scheduled, one.Seen.Input.AbsoluteUri, host, []);
            builder.Add(measurement, one.Seen.Grain, new Judgement(one.Finding, []));
        }
        return builder;
    }

    static Dictionary<string, CertificateFacts> Certificates(IReadOnlyList<AgentSight> sights)
    {
        var known = new Dictionary<string, CertificateFacts>(StringComparer.Ordinal);
        foreach (var der in sights.SelectMany(sight => sight.Certificates))
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(der));
            if (!known.ContainsKey(hash) && CertificateFacts.Read(der) is { } facts)
                known[hash] = facts;
        }
        return known;
    }
}
