using System.Net;
using System.Net.Sockets;
using Google.Protobuf;
using ProbeNet.Agent.Probes;
using ProbeNet.Agent.Probes.Path;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Measurements;

/// <summary>What is to be located: a packet of one layer towards one address.</summary>
/// <param name="Layer">"dns", "tcp", "tls" or "http".</param>
sealed record Suspicion(string Layer, IPEndPoint Peer, string Name, string Path);

/// <summary>
/// Finds where on the path something answers for the target's name or swallows it: the same packet with rising TTL, first
/// with an innocuous name, then with the target's, from the same port, and all of it again from another port. What was
/// provoked once is not provoked again before the silence that residual blocking asks for.
/// </summary>
sealed class Localisation(
    PathProbe probe, ProbeSockets sockets, Lookup lookup, ResidualBlocking residual, ProbesOptions options, LocalisationOptions limits,
    Budget? budget, Random random)
{
    public const string NotPermitted = "localisation:unprivileged";
    public const string Ipv4Only = "localisation:ipv4_only";
    public const string Spent = "localisation:day_spent";

    const int Flows = 2;
    const int MostHops = 24;
    const int SilencesThatEnd = 4;
    const int MostTries = 40;

    static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(50);

    // Beyond every path; what answers here has not looked at the TTL.
    const int OrdinaryTtl = 64;

    /// <summary>Null when nothing was seen that could be located, or nobody agreed to it.</summary>
    public Suspicion? Due(Uri url, WebPlan plan, Trace trace)
    {
        var use = options.Localisation ?? (plan.Localise ? ProbeUse.Anomaly : ProbeUse.Off);
        if (use == ProbeUse.Off || Suspicions.Of(url, plan, trace.Seen(), use == ProbeUse.On) is not { } suspicion)
            return null;
        if (suspicion.Peer.AddressFamily != AddressFamily.InterNetwork)
            trace.Limit(Ipv4Only);
        else if (budget?.TryTakeLocalisation(limits.PerDay) == false)
            trace.Limit(Spent);
        else
            return suspicion;
        return null;
    }

    public async Task RunAsync(Suspicion suspicion, WebPlan plan, Trace trace, CancellationToken cancellationToken)
    {
        await using var listener = suspicion.Layer == "dns" ? null : RawListener.TryOpen(sockets);
        if (listener is null && suspicion.Layer != "dns")
            trace.Limit(NotPermitted);
        // A SYN holds no name: what should pass is one to another address.
        var innocent = suspicion.Layer == "tcp" ? await OtherAddressAsync(plan, trace, cancellationToken) : suspicion.Peer;
        string provoked = PathReplies.Silence;
        for (var flow = 0u; flow < Flows; flow++)
        {
            var port = random.Next(32768, 60999);
            await SilenceAsync(suspicion.Peer, trace, cancellationToken);
            if (innocent is not null)
                await SweepAsync(suspicion with { Peer = innocent, Name = plan.InnocuousName }, ComparisonArms.Innocuous, flow, port, listener, plan, trace, cancellationToken);
            provoked = await SweepAsync(suspicion, ComparisonArms.Target, flow, port, listener, plan, trace, cancellationToken);
            residual.Note(suspicion.Peer);
        }
        if (provoked is PathReplies.Silence or PathReplies.Unreachable)
            return;
        // An injector that copies the TTL of what it answers betrays itself when it is given another one.
        await SilenceAsync(suspicion.Peer, trace, cancellationToken);
        var last = Test(suspicion, ComparisonArms.Target, Flows, trace);
        last.Steps.Add(Step(OrdinaryTtl, await OneAsync(suspicion, random.Next(32768, 60999), OrdinaryTtl, listener, trace, cancellationToken), plan));
        Add(last, trace);
        residual.Note(suspicion.Peer);
    }

    /// <returns>The reply that ended the sweep.</returns>
    async Task<string> SweepAsync(
        Suspicion what, string arm, uint flow, int port, RawListener? listener, WebPlan plan, Trace trace, CancellationToken cancellationToken)
    {
        var test = Test(what, arm, flow, trace);
        var silences = 0;
        var heard = false;
        var reply = PathReplies.Silence;
        for (var ttl = 1; ttl <= MostHops && !(heard && silences >= SilencesThatEnd); ttl++)
        {
            var meeting = await OneAsync(what, port, ttl, listener, trace, cancellationToken);
            // A packet may be lost: the first silence, which would place something, is asked once more.
            if (meeting is null || (meeting.Reply == PathReplies.Silence && silences == 0))
                meeting = await OneAsync(what, port, ttl, listener, trace, cancellationToken);
            test.Steps.Add(Step(ttl, meeting, plan));
            reply = meeting?.Reply ?? PathReplies.Unreachable;
            if (reply is not (PathReplies.Silence or PathReplies.Exceeded))
                break;
            heard |= reply == PathReplies.Exceeded;
            silences = reply == PathReplies.Silence ? silences + 1 : 0;
        }
        Add(test, trace);
        return reply;
    }

    // All packets of a flow leave from one port, and the connection before may take a moment to let go of it.
    async Task<PathMeeting?> OneAsync(Suspicion what, int port, int ttl, RawListener? listener, Trace trace, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await SendAsync(what, port, ttl, listener, trace.Clock, cancellationToken);
            }
            catch (SocketException e) when (PathProbe.IsTaken(e) && tries < MostTries)
            {
                await Task.Delay(BetweenTries, trace.Clock.Time, cancellationToken);
            }
            catch (SocketException)
            {
                // Somebody else keeps the port.
                return null;
            }
        }
    }

    async Task<PathMeeting?> SendAsync(Suspicion what, int port, int ttl, RawListener? listener, ProbeClock clock, CancellationToken cancellationToken) =>
        what.Layer switch
        {
            "dns" => await probe.AskAsync(what.Peer, what.Name, (ushort)random.Next(1 << 16), port, ttl, clock, cancellationToken),
            "tcp" => await probe.KnockAsync(what.Peer, port, ttl, listener, clock, cancellationToken),
            "tls" => await probe.SayAsync(what.Peer, await PathPayload.HelloAsync(what.Name, cancellationToken), port, ttl, listener, clock, cancellationToken),
            _ => await probe.SayAsync(what.Peer, PathPayload.Request(what.Name, what.Path), port, ttl, listener, clock, cancellationToken),
        };

    static PathStep Step(int ttl, PathMeeting? meeting, WebPlan plan)
    {
        var step = new PathStep { Ttl = (uint)ttl, Reply = meeting?.Reply ?? PathReplies.Unreachable, ReplyTtl = meeting?.ReplyTtl ?? 0, Content = meeting?.Content ?? "" };
        if (meeting?.From is { } router)
            (step.HopAsn, step.OwnAs) = plan.OwnerOf(router);
        return step;
    }

    static PathTest Test(Suspicion what, string arm, uint flow, Trace trace) => new()
    {
        Layer = what.Layer,
        // Whoever is asked by DNS is not named in observations.
        Address = what.Layer == "dns" ? ByteString.Empty : ByteString.CopyFrom(what.Peer.Address.GetAddressBytes()),
        Port = (uint)what.Peer.Port,
        Name = what.Name,
        Arm = arm,
        Flow = flow,
        StartedUs = trace.Clock.Now,
    };

    static void Add(PathTest test, Trace trace)
    {
        test.DurationUs = trace.Clock.Since(test.StartedUs);
        trace.Add(test);
    }

    async Task<IPEndPoint?> OtherAddressAsync(WebPlan plan, Trace trace, CancellationToken cancellationToken)
    {
        var found = await lookup.FindAsync(plan.InnocuousName, plan with { Resolvers = [.. plan.Resolvers.Take(1)] }, new Trace(trace.Clock), cancellationToken);
        return found.Select(one => new IPEndPoint(one.Address, 443))
            .FirstOrDefault(one => one.AddressFamily == AddressFamily.InterNetwork && sockets.Allows(one, PeerKind.Target));
    }

    async Task SilenceAsync(IPEndPoint peer, Trace trace, CancellationToken cancellationToken)
    {
        while (residual.Remaining(peer) is var remaining && remaining > TimeSpan.Zero)
            await Task.Delay(remaining + TimeSpan.FromMilliseconds(1), trace.Clock.Time, cancellationToken);
    }
}
