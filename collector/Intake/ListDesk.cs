using Google.Protobuf;
using ProbeNet.Collector.Fleet;
using ProbeNet.Collector.Rollout.Stages;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Intake;

/// <summary>What one session has to say about lists: the release that its agent should have now, once; again after a while where it was not taken.</summary>
/// <param name="nonce">The agent's own of this session.</param>
sealed class ListDesk(ByteString nonce, KeyCertificate certificate, Hello hello)
{
    const int LongestText = 64;

    /// <summary>What was refused is offered again then, where it still is meant: a full disk and a wrong clock pass, and a session may stand for weeks.</summary>
    public static readonly TimeSpan OfferAgain = TimeSpan.FromMinutes(10);

    static readonly (string, ulong, ulong, ulong, ByteString) Nothing = ("", 0, 0, 0, ByteString.Empty);

    readonly AgentTraits _agent = new(
        ByteString.CopyFrom(KeyId.Of(certificate.PublicKey.Span)), certificate.Role == Role.Control, certificate.Cc, certificate.Asn, certificate.Group, Cut(hello.AgentVersion));
    readonly Lock _lock = new();
    (string List, ulong Version) _has = (hello.List, hello.ListVersion);
    ulong _rootVersion = hello.RootVersion;
    (string List, ulong Version, ulong Root, ulong Releases, ByteString Stop) _said = Nothing;
    DateTimeOffset? _refused;

    /// <summary>The list that tasks go by: what was offered last, or what the agent came with.</summary>
    public (string Name, ulong Version) Current { get; private set; } = (hello.List, hello.ListVersion);

    /// <returns>Null when nothing has changed for this agent.</returns>
    public CollectorMessage? Next(FleetState fleet, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (now - _refused >= OfferAgain)
                (_said, _refused) = (Nothing, null);
            var release = fleet.ListFor(_agent, Day.ToDate(Day.Of(now)));
            // Versions only rise: whoever went ahead with a release that was halted since waits for the next one.
            if (release is not null && release.List == _has.List && release.Version < _has.Version)
                release = null;
            if (!hello.TakesOffers || fleet.Trust is not { } trust)
                return Plain(release);
            if (release is not null && trust.Valid(release.List, release.Version) is null)
                release = null;
            var saying = (release?.List ?? "", release?.Version ?? 0, trust.Root.Version, trust.Releases.Version, trust.Stop?.Statement ?? ByteString.Empty);
            if (saying == _said || trust.Endorsed is null)
                return null;
            _said = saying;
            Current = release is null ? Current : (release.List, release.Version);
            var has = release is not null && _has == (release.List, release.Version);
            return new() { Offer = trust.Offer(fleet.Keys.Online, nonce, certificate.PublicKey, _rootVersion, release, withContent: !has) };
        }
    }

    /// <summary>Takes note of an answer.</summary>
    public AgentReport Answered(AgentReport report, ListStatus status, DateTimeOffset now)
    {
        lock (_lock)
        {
            // Falls where the agent has joined anew meanwhile: then it begins at the root that its invite pinned.
            _rootVersion = status.RootVersion;
            var (list, version) = (Cut(status.List), status.Version);
            if (!status.Applied)
            {
                _refused = now;
                // Where the agent could not read as far as the list's name, it is what was offered last.
                return report with { Refused = list.Length > 0 ? new(list, version, Cut(status.Reason)) : new(_said.List, _said.Version, Cut(status.Reason)) };
            }
            _refused = null;
            // Without a name the offer brought no list.
            if (list.Length > 0)
                _has = (list, version);
            return list.Length == 0 ? report : report with { List = list, ListVersion = version, Refused = new("", 0, ""), Runs = _has == (report.List, report.ListVersion) ? report.Runs : AgentReport.Empty.Runs };
        }
    }

    public static string Cut(string text) => text.Length <= LongestText ? text : text[..LongestText];

    CollectorMessage? Plain(ListRelease? release)
    {
        if (release is null || (release.List, release.Version) == _has || (release.List, release.Version) == (_said.List, _said.Version))
            return null;
        Current = (release.List, release.Version);
        (_said.List, _said.Version) = Current;
        return new() { List = release.Signed };
    }
}
