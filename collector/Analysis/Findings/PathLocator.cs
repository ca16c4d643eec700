using ProbeNet.Collector.Observations;
using ProbeNet.Protos;

namespace ProbeNet.Collector.Analysis.Findings;

/// <summary>Where on the path something interfered.</summary>
/// <param name="Distance">Hops from the volunteer.</param>
/// <param name="HopAsn">Null where the network of that hop is not known, or is the volunteer's own.</param>
/// <param name="OwnAs">The hop belongs to the volunteer's own network.</param>
sealed record PathPlace(string Layer, int Distance, long? HopAsn, bool OwnAs);

/// <summary>
/// Reads tests with rising TTL. What answers for the target's name before the server could sits at the first TTL that made
/// it answer; what swallows it sits where the routers' answers end. A rule for addresses acts where packets are forwarded,
/// after the router has looked at the TTL, so one hop earlier than it shows. Flows that disagree, an injector that copies the TTL it
/// is given, and anything that only shows at the server's own distance say nothing (CenTrace, CoNEXT 2022; Triplet Censors,
/// FOCI 2020).
/// </summary>
static class PathLocator
{
    const int FullTtl = 64;

    // Paths out and back differ by a little; an injector that copies moves by the whole difference.
    const int SameTtl = 3;

    /// <summary>Null when the tests say nothing; <paramref name="reason"/> tells why when there were tests.</summary>
    public static PathPlace? Locate(IReadOnlyList<PathObservation> paths, string layer, out string? reason)
    {
        reason = null;
        var flows = paths.Where(p => p.Layer == layer && p.Steps.Count > 1).GroupBy(p => p.Flow).OrderBy(g => g.Key).ToArray();
        if (flows.Length == 0)
            return null;
        var places = new List<PathPlace>();
        foreach (var flow in flows)
        {
            var target = flow.FirstOrDefault(p => p.Arm == ComparisonArms.Target);
            var innocuous = flow.FirstOrDefault(p => p.Arm == ComparisonArms.Innocuous);
            if (target is null)
                continue;
            if (Place(layer, target.Steps, innocuous?.Steps ?? [], out var why) is not { } place)
            {
                reason = why;
                return null;
            }
            places.Add(place);
        }
        if (places.Count == 0)
            return null;
        if (places.Exists(p => p.Distance != places[0].Distance))
        {
            // Different ports, different paths: the network may still be the same.
            reason = "flows_disagree";
            return places.TrueForAll(p => p.HopAsn == places[0].HopAsn && p.OwnAs == places[0].OwnAs && (p.OwnAs || p.HopAsn is not null))
                ? places[0] : null;
        }
        if (Copies(paths, layer, flows))
        {
            reason = "ttl_copied";
            return null;
        }
        return places.Find(p => p.OwnAs || p.HopAsn is not null) ?? places[0];
    }

    static PathPlace? Place(string layer, IReadOnlyList<PathStepObservation> target, IReadOnlyList<PathStepObservation> innocuous, out string? reason)
    {
        reason = null;
        var end = target[^1];
        var server = innocuous.FirstOrDefault(s => s.Reply is PathReplies.Answer or PathReplies.Connected or PathReplies.Reset or PathReplies.Close);
        switch (end.Reply)
        {
            case PathReplies.Unreachable when layer != Layers.Dns && (end.HopAsn > 0 || end.OwnAs):
                // The router that refuses names itself; a question is refused by the machine at the end of the way.
                return new(layer, (int)end.Ttl - 1, Known(end), end.OwnAs);
            case PathReplies.Reset or PathReplies.Close or PathReplies.Answer:
                if (layer == Layers.Dns && server?.Ttl == end.Ttl)
                    // A proxy answers whatever the name: it sits behind the last router that let the question live.
                    return Before(layer, target, end.Ttl);
                if (server is not null && end.Ttl >= server.Ttl)
                    break;
                return At(layer, target, innocuous, layer == Layers.Tcp && end.Ttl > 1 ? end.Ttl - 1 : end.Ttl);
            case PathReplies.Silence:
                return Swallowed(layer, target, innocuous, out reason);
            case PathReplies.Connected:
                break;
        }
        reason = "at_the_server_or_not_again";
        return null;
    }

    // Where the innocuous packet's death was reported beyond, the silence is not the routers'.
    static PathPlace? Swallowed(string layer, IReadOnlyList<PathStepObservation> target, IReadOnlyList<PathStepObservation> innocuous, out string? reason)
    {
        var last = target.LastOrDefault(s => s.Reply == PathReplies.Exceeded)?.Ttl ?? 0;
        var beyond = innocuous.FirstOrDefault(s => s.Ttl > last && s.Reply != PathReplies.Silence);
        reason = null;
        if (beyond is null || beyond.Reply != PathReplies.Exceeded)
        {
            reason = "routers_are_silent";
            return null;
        }
        return layer == Layers.Tcp && last > 0 ? At(layer, target, innocuous, last) : At(layer, target, innocuous, beyond.Ttl);
    }

    static PathPlace At(string layer, IReadOnlyList<PathStepObservation> target, IReadOnlyList<PathStepObservation> innocuous, uint ttl)
    {
        var router = innocuous.Concat(target).FirstOrDefault(s => s.Ttl == ttl && s.Reply == PathReplies.Exceeded);
        return new(layer, (int)ttl, router is null ? null : Known(router), router?.OwnAs ?? false);
    }

    static PathPlace Before(string layer, IReadOnlyList<PathStepObservation> target, uint ttl)
    {
        var router = target.LastOrDefault(s => s.Ttl < ttl && s.Reply == PathReplies.Exceeded);
        return new(layer, (int)ttl, router is null ? null : Known(router), router?.OwnAs ?? false);
    }

    static long? Known(PathStepObservation step) => step.HopAsn > 0 && !step.OwnAs ? step.HopAsn : null;

    // The same injector, provoked with a packet that could go further: an honest one answers with the TTL it always has.
    static bool Copies(IReadOnlyList<PathObservation> paths, string layer, IGrouping<uint, PathObservation>[] flows)
    {
        var ends = flows.SelectMany(f => f).Where(p => p.Arm == ComparisonArms.Target).Select(p => p.Steps[^1]).ToArray();
        if (!ends.Any(s => s.Reply is PathReplies.Reset or PathReplies.Close or PathReplies.Answer))
            return false;
        var full = paths.FirstOrDefault(p => p.Layer == layer && p.Arm == ComparisonArms.Target && p.Steps is [{ Ttl: FullTtl }])?.Steps[0];
        // Where the system tells no TTL of answers, nothing tells a copier from an honest injector.
        return full is null || full.ReplyTtl == 0
            || ends.Any(s => s.ReplyTtl == 0 || Math.Abs((int)full.ReplyTtl - (int)s.ReplyTtl) > SameTtl);
    }
}
