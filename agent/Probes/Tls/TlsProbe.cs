using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Probes.Tls;

/// <summary>What a handshake came to. The stream is there only when the certificate was valid too.</summary>
/// <param name="Observation">Ready to be sent.</param>
/// <param name="Stream">The caller's to dispose of; null on failure.</param>
/// <param name="Certificates">DER, as the peer sent them, leaf first.</param>
/// <param name="Root">SHA-256 of the authority that this machine trusts for it; null without one.</param>
sealed record TlsResult(TlsHandshake Observation, SslStream? Stream, IReadOnlyList<byte[]> Certificates, byte[]? Root = null);

/// <summary>Does one TLS handshake over a connected socket and says what happened.</summary>
/// <param name="testRoots">Roots of a test's own authority; null, as everywhere in the product, is the system's trust.</param>
sealed class TlsProbe(TrafficMeter traffic, TimeSpan timeout, X509Certificate2Collection? testRoots = null)
{
    /// <summary>Takes the socket over. Does not throw for anything that the peer or the path does.</summary>
    /// <param name="arm">One of <see cref="ComparisonArms"/>.</param>
    /// <param name="untrusted">Keeps the stream whatever the certificate: an innocuous name has none at the target's address.</param>
    public async Task<TlsResult> HandshakeAsync(
        Socket socket, string serverName, SslApplicationProtocol protocol, string arm, uint attempt, ProbeClock clock,
        CancellationToken cancellationToken, bool untrusted = false)
    {
        var peer = (IPEndPoint)socket.RemoteEndPoint!;
        var observation = new TlsHandshake
        {
            Address = ByteString.CopyFrom(peer.Address.GetAddressBytes()),
            Port = (uint)peer.Port,
            ServerName = serverName,
            StartedUs = clock.Now,
            Attempt = attempt,
            Arm = arm,
        };
        var done = false;
        using var deadline = new Deadline(clock.Time, timeout, cancellationToken);
        var tap = new TapStream(socket, traffic);
        var stream = new SslStream(tap, leaveInnerStreamOpen: false);
        var certificates = new PeerCertificates(clock.Time);
        try
        {
            await stream.AuthenticateAsClientAsync(Options(serverName, protocol, certificates), deadline.Token);
            done = true;
            observation.Failure = certificates.Failure;
            observation.Version = NameOf(stream.SslProtocol);
            observation.CipherSuite = stream.NegotiatedCipherSuite.ToString();
            observation.Alpn = stream.NegotiatedApplicationProtocol.ToString();
        }
        catch (OperationCanceledException)
        {
            observation.Failure = deadline.Failure;
        }
        catch (Exception e) when (FailureClassifier.IsNetworkFailure(e))
        {
            observation.Failure = Classify(tap, certificates, e);
        }
        observation.DurationUs = clock.Since(observation.StartedUs);
        observation.Alert = observation.Failure.Length == 0 ? 0 : tap.Alert;
        observation.Received = tap.Received;
        observation.Chain.AddRange(certificates.Sent.Select(der => ByteString.CopyFrom(SHA256.HashData(der))));
        if (observation.Failure.Length == 0 || (done && untrusted))
            return new TlsResult(observation, stream, certificates.Sent, certificates.Root);
        await stream.DisposeAsync();
        return new TlsResult(observation, null, certificates.Sent);
    }

    SslClientAuthenticationOptions Options(string serverName, SslApplicationProtocol protocol, PeerCertificates certificates) => new()
    {
        TargetHost = serverName,
        ApplicationProtocols = [protocol],
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = Trust(),
        RemoteCertificateValidationCallback = certificates.Record,
    };

    // Neither revocation lists nor missing certificates are fetched: they would be packets that nobody asked for.
    X509ChainPolicy Trust()
    {
        var policy = new X509ChainPolicy { DisableCertificateDownloads = true, RevocationMode = X509RevocationMode.NoCheck };
        if (testRoots is null)
            return policy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(testRoots);
        return policy;
    }

    // What the socket saw is surer than the text of the exception. Bytes come before the end: a page in clear ends too.
    static string Classify(TapStream tap, PeerCertificates certificates, Exception exception)
    {
        if (tap.Error != SocketError.Success)
            return FailureClassifier.Of(tap.Error);
        if (tap.Alert != 0 || tap.StartsLikeHttp)
            return FailureCodes.SslHandshakeFailed;
        if (tap.SawEnd)
            return FailureCodes.EofError;
        return certificates.Failure.Length > 0 ? certificates.Failure : FailureClassifier.Of(exception);
    }

    static string NameOf(SslProtocols protocol) => protocol switch
    {
        SslProtocols.Tls13 => "TLSv1.3",
        SslProtocols.Tls12 => "TLSv1.2",
        _ => "TLS",
    };
}
