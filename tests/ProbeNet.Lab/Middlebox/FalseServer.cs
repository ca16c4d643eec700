using System.Net.Security;
using System.Net.Sockets;
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
    readonly TcpService[] _services;

    public FalseServer(Host router)
    {
        var alone = SslStreamCertificateContext.Create(SelfSigned("filter.example"), null, offline: true);
        _services =
        [
            TcpService.Everywhere(router, SelfSignedPort, visitor => Serve(visitor, _ => alone)),
            TcpService.Everywhere(router, SignedPort, visitor => Serve(visitor, name => _authority.Issue(name))),
        ];
    }

    public void Dispose()
    {
        Array.ForEach(_services, service => service.Dispose());
        _authority.Dispose();
    }

    static async Task Serve(Socket visitor, Func<string, SslStreamCertificateContext> certificate)
    {
        await using var stream = new SslStream(new NetworkStream(visitor, ownsSocket: true));
        await stream.AuthenticateAsServerAsync(
            (_, hello, _, _) => ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = certificate(hello.ServerName) }), null);
        _ = await stream.ReadAsync(new byte[4096]);
        await stream.WriteAsync(PageReplaced.Response(visitor: null));
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
