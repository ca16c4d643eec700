using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ProbeNet.Lab.Hosts;
using ProbeNet.Lab.Interference;
using ProbeNet.Lab.Sites;

namespace ProbeNet.Lab.Middlebox;

/// <summary>A server of the censor's on a router, which connections to other addresses are led to: a false certificate, then its page.</summary>
sealed class FalseServer : IDisposable
{
    public const int SelfSignedPort = 8444, SignedPort = 8445;
    readonly LabAuthority _authority = new(TimeProvider.System, "National Gateway");
    readonly List<Socket> _listeners = [];

    public FalseServer(Host router)
    {
        var alone = SslStreamCertificateContext.Create(SelfSigned("filter.example"), null, offline: true);
        Listen(router, SelfSignedPort, _ => alone);
        Listen(router, SignedPort, name => _authority.Issue(name));
    }

    public void Dispose()
    {
        _listeners.ForEach(listener => listener.Dispose());
        _authority.Dispose();
    }

    void Listen(Host router, int port, Func<string, SslStreamCertificateContext> certificate)
    {
        foreach (var any in new[] { IPAddress.Any, IPAddress.IPv6Any })
        {
            var listener = router.Listener(new IPEndPoint(any, port));
            _listeners.Add(listener);
            _ = Accept(listener, certificate);
        }
    }

    static async Task Accept(Socket listener, Func<string, SslStreamCertificateContext> certificate)
    {
        try
        {
            while (true)
                _ = Serve(await listener.AcceptAsync(), certificate);
        }
        catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
        {
            // The lab was stopped.
        }
    }

    static async Task Serve(Socket visitor, Func<string, SslStreamCertificateContext> certificate)
    {
        try
        {
            await using var stream = new SslStream(new NetworkStream(visitor, ownsSocket: true));
            await stream.AuthenticateAsServerAsync(
                (_, hello, _, _) => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = certificate(hello.ServerName) }), null);
            _ = await stream.ReadAsync(new byte[4096]);
            await stream.WriteAsync(PageReplaced.Response(visitor: null));
        }
        catch (Exception gone) when (gone is IOException or SocketException or ObjectDisposedException or AuthenticationException)
        {
            // The visitor did not want the certificate.
        }
    }

    static X509Certificate2 SelfSigned(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-30), now.AddDays(300));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
    }
}
