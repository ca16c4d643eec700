using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace ProbeNet.Agent.Uplink;

/// <summary>Makes a connection to one address of a collector. A new one each time: two keys never share one.</summary>
static class CollectorChannel
{
    const int MaximumMessage = 32 * 1024 * 1024;

    static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(20);
    static readonly TimeSpan PingDelay = TimeSpan.FromMinutes(1);

    /// <param name="address">Base address with the secret path.</param>
    /// <param name="proxy">Null goes straight, whatever the environment says.</param>
    /// <param name="bound">The address of this machine to connect from; null: the system chooses.</param>
    public static GrpcChannel Create(Uri address, ByteString tlsPin, Uri? proxy, IPAddress? bound)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = proxy is not null,
            Proxy = proxy is null ? null : ProxyOf(proxy),
            UseCookies = false,
            AllowAutoRedirect = false,
            ConnectTimeout = ConnectTimeout,
            KeepAlivePingDelay = PingDelay,
            KeepAlivePingTimeout = ConnectTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            // Nothing of this program's tracing goes out.
            ActivityHeadersPropagator = null,
            // Without a callback the gRPC channel connects by itself, and past a SOCKS proxy.
            ConnectCallback = (context, ct) => ConnectAsync(bound, context.DnsEndPoint, ct),
        };
        if (!tlsPin.IsEmpty)
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => IsPinned(certificate, tlsPin);
        return GrpcChannel.ForAddress(address.GetLeftPart(UriPartial.Authority), new()
        {
            HttpHandler = new PathPrefixHandler(address.AbsolutePath, handler),
            DisposeHttpClient = true,
            MaxReceiveMessageSize = MaximumMessage,
            MaxSendMessageSize = MaximumMessage,
            // Its messages name addresses.
            LoggerFactory = NullLoggerFactory.Instance,
        });
    }

    static WebProxy ProxyOf(Uri proxy)
    {
        var user = proxy.UserInfo.Split(':', 2);
        return new(proxy)
        {
            Credentials = user[0].Length == 0 ? null : new NetworkCredential(Uri.UnescapeDataString(user[0]), Uri.UnescapeDataString(user.Length > 1 ? user[1] : "")),
        };
    }

    static bool IsPinned(X509Certificate? certificate, ByteString pin) =>
        certificate is X509Certificate2 own
        && SHA256.HashData(own.PublicKey.ExportSubjectPublicKeyInfo()).AsSpan().SequenceEqual(pin.Span);

    static async ValueTask<Stream> ConnectAsync(IPAddress? bound, DnsEndPoint target, CancellationToken ct)
    {
        var socket = bound is null ? new Socket(SocketType.Stream, ProtocolType.Tcp) : new Socket(bound.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.NoDelay = true;
            if (bound is not null)
                socket.Bind(new IPEndPoint(bound, 0));
            await socket.ConnectAsync(target, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
