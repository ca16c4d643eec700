using System.Net;
using System.Net.Sockets;
using ProbeNet.Agent.Probes;
using ProbeNet.Agent.Probes.Dns;
using ProbeNet.Agent.Probes.Http;
using ProbeNet.Agent.Probes.Tcp;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Measurements;

/// <summary>What one reference told of the network.</summary>
/// <param name="Root">SHA-256 of the authority that its certificate was trusted for; null where it was not reached over TLS.</param>
/// <param name="Skew">This machine's clock minus the server's; null where none was told under a valid certificate.</param>
/// <param name="ClearRedirect">Host that its page in clear text sent the visitor to; empty where none came, null where nothing was asked.</param>
/// <param name="Ipv6">True or false for a connection over IPv6; null where none was tried.</param>
/// <param name="Addresses">Where it was reached.</param>
sealed record ReferenceSight(
    Reference Reference, byte[]? Root, TimeSpan? Skew, string? ClearRedirect, uint ClearStatus, bool? Ipv6, IReadOnlyList<IPAddress> Addresses);

/// <summary>Tries one innocuous input by the steps of a measurement, and what a captive portal or a broken IPv6 would show in it.</summary>
sealed class ReferenceTry(
    Lookup lookup, EndpointTry endpoints, TcpProbe tcp, HttpProbe http, QuicTry quic, ProbeSockets sockets, Func<bool> hasIpv6, TimeProvider time)
{
    static readonly NamedResolver SystemResolver = new(ResolverNames.System, ResolverAddress.System);

    public async Task<ReferenceSight> RunAsync(string input, CancellationToken cancellationToken)
    {
        var clock = new ProbeClock(time);
        var sight = new ReferenceSight(new Reference { Input = input }, null, null, null, 0, null, []);
        try
        {
            if (WebMeasurement.TryReadInput(input, out var url))
                sight = await StepsAsync(sight, url, new Trace(clock), cancellationToken);
            else
                (sight.Reference.Layer, sight.Reference.Failure) = ("dns", FailureCodes.HttpNoHostInUrl);
        }
        catch (OperationCanceledException)
        {
            (sight.Reference.Layer, sight.Reference.Failure) = ("dns", FailureCodes.GenericTimeout);
        }
        return sight;
    }

    async Task<ReferenceSight> StepsAsync(ReferenceSight sight, Uri url, Trace trace, CancellationToken cancellationToken)
    {
        var reference = sight.Reference;
        var found = await lookup.FindAsync(url.IdnHost, new WebPlan { Resolvers = [SystemResolver] }, trace, cancellationToken);
        var usable = found.Select(one => one.Address).Where(one => sockets.Allows(new IPEndPoint(one, url.Port), PeerKind.Target)).ToList();
        if (usable.Count == 0)
        {
            (reference.Layer, reference.Failure) = ("dns", found.Count > 0 ? FailureCodes.DnsBogon : trace.DnsFailure());
            reference.DurationUs = trace.Clock.Now;
            return sight;
        }
        sight = await PageAsync(sight, url, usable, trace, cancellationToken);
        reference.DurationUs = trace.Clock.Now;
        if (reference.Failure.Length == 0 && sight.Addresses is [var reached, ..])
            reference.Quic = await quic.ReferenceAsync(new IPEndPoint(reached, url.Port), url.IdnHost, trace.Clock, cancellationToken);
        return await ClearAsync(sight with { Ipv6 = await Ipv6Async(usable, url.Port, trace, cancellationToken) }, url, usable[0], trace, cancellationToken);
    }

    async Task<ReferenceSight> PageAsync(ReferenceSight sight, Uri url, List<IPAddress> usable, Trace trace, CancellationToken cancellationToken)
    {
        var reference = sight.Reference;
        foreach (var address in usable.Where(one => one.AddressFamily == AddressFamily.InterNetwork || hasIpv6()).Take(2))
        {
            if (await endpoints.TryAsync(url, new FoundAddress(address, FromSystem: true), trace, cancellationToken) is not { } way)
                continue;
            var result = await http.GetAsync(
                way.Stream, url, way.Peer, Fingerprints.None, text => text, headOnly: true, trace.Clock, cancellationToken);
            (reference.Layer, reference.Failure) = (result.Observation.Failure.Length == 0 ? "" : "http", result.Observation.Failure);
            return sight with
            {
                Root = way.Root,
                Skew = way.Root is not null && result.Date is { } date ? time.GetUtcNow() - date : null,
                Addresses = [address],
            };
        }
        (reference.Layer, reference.Failure) = trace.ConnectFailure();
        return sight;
    }

    // A portal answers in clear text for everybody; under TLS it cannot.
    async Task<ReferenceSight> ClearAsync(ReferenceSight sight, Uri url, IPAddress address, Trace trace, CancellationToken cancellationToken)
    {
        var clear = new UriBuilder(Uri.UriSchemeHttp, url.IdnHost, 80).Uri;
        var peer = new IPEndPoint(address, clear.Port);
        if (!sockets.Allows(peer, PeerKind.Target)
            || await endpoints.OpenAsync(peer, url.IdnHost, ComparisonArms.Reference, secure: false, trace, cancellationToken) is not { } stream)
            return sight;
        var result = await http.GetAsync(stream, clear, peer, Fingerprints.None, text => text, headOnly: true, trace.Clock, cancellationToken);
        return result.Observation.Failure.Length > 0 ? sight : sight with { ClearRedirect = result.Redirect?.IdnHost ?? "", ClearStatus = result.Observation.Status };
    }

    async Task<bool?> Ipv6Async(List<IPAddress> usable, int port, Trace trace, CancellationToken cancellationToken)
    {
        if (!hasIpv6() || usable.Find(one => one.AddressFamily == AddressFamily.InterNetworkV6) is not { } address)
            return null;
        var connected = await tcp.ConnectAsync(new IPEndPoint(address, port), PeerKind.Target, 0, trace.Clock, cancellationToken);
        connected.Socket?.Dispose();
        return connected.Observation.Failure.Length == 0;
    }
}
