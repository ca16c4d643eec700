using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using ProbeNet.Lab.Hosts;
using ProbeNet.Lab.Sites;

namespace ProbeNet.Lab.Noise;

/// <summary>A filter product of a home: it reads every page under certificates of its own making and passes it on.</summary>
sealed class Interceptor : IDisposable
{
    readonly LabAuthority _authority = new(TimeProvider.System, "Family Filter");
    readonly ConcurrentDictionary<string, SslStreamCertificateContext> _made = new(StringComparer.Ordinal);
    readonly Host _router;
    readonly Func<string, IPAddress?> _find;
    readonly TcpService _service;

    /// <param name="find">Where a name's server is.</param>
    public Interceptor(Host router, Func<string, IPAddress?> find)
    {
        (_router, _find) = (router, find);
        _service = TcpService.Everywhere(router, HomeRouter.InterceptedPort, Carry);
    }

    /// <summary>The authority that it wants machines to trust.</summary>
    public string Pem => _authority.Pem;

    public void Dispose()
    {
        _service.Dispose();
        _authority.Dispose();
    }

    async Task Carry(Socket visitor)
    {
        var name = "";
        await using var near = new SslStream(new NetworkStream(visitor, ownsSocket: true));
        await near.AuthenticateAsServerAsync((_, hello, _, _) =>
        {
            name = hello.ServerName;
            return ValueTask.FromResult(new SslServerAuthenticationOptions { ServerCertificateContext = _made.GetOrAdd(name, one => _authority.Issue(one)) });
        }, null);
        if (_find(name) is not { } address)
            return;
        using var socket = await _router.TcpAsync();
        await socket.ConnectAsync(address, 443);
#pragma warning disable CA5359 // Such products are known for not looking; nobody's page is fetched over it.
        await using var far = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false, (_, _, _, _) => true);
#pragma warning restore CA5359
        await far.AuthenticateAsClientAsync(name);
        await Task.WhenAny(near.CopyToAsync(far), far.CopyToAsync(near));
    }
}
