using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProbeNet.Lab.Hosts;

namespace ProbeNet.Lab.Sites;

/// <summary>
/// Every web server of the lab in one Kestrel: a listening socket belongs to the host it was made on, so one server can
/// stand in many networks. Ports 80 and 443 of all addresses of a host; which site answers, the address says.
/// </summary>
sealed class WebServers(LabAuthority authority, SiteBook book) : IAsyncDisposable
{
    readonly Certificates _certificates = new(authority);
    readonly List<Host> _hosts = [];
    readonly Dictionary<IPAddress, (string Name, RequestDelegate Answer)> _sites = [];
    WebApplication? _app;

    /// <summary>Serves <paramref name="name"/> at the addresses of <paramref name="host"/> once started.</summary>
    public void Add(Host host, IEnumerable<IPAddress> addresses, string name, RequestDelegate answer)
    {
        if (!_hosts.Contains(host))
            _hosts.Add(host);
        foreach (var address in addresses)
            _sites[address] = (name, answer);
    }

    public async Task Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        // The port that Kestrel believes in only says which host and which of its ports is meant.
        builder.Services.Configure<SocketTransportOptions>(options => options.CreateBoundListenSocket = end =>
            _hosts[((IPEndPoint)end).Port / 2 - 1].Inside(() => Bound(((IPEndPoint)end).Port % 2 == 0 ? 80 : 443)));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            for (var host = 1; host <= _hosts.Count; host++)
            {
                kestrel.Listen(IPAddress.IPv6Any, host * 2);
                kestrel.Listen(IPAddress.IPv6Any, host * 2 + 1, Secure);
            }
        });
        _app = builder.Build();
        _app.Run(context => At(context.Connection.LocalIpAddress!) is { } site ? site.Answer(context) : Task.CompletedTask);
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _certificates.Dispose();
    }

    void Secure(ListenOptions listen)
    {
        listen.Use(next => connection => ForeignNameGate.Pass(
            connection, address => At(address) is { } site ? (site.Name, book[site.Name].Foreign) : null, () => next(connection)));
        // A hello with another name, or none, gets the certificate of the address it was sent to.
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = handshake => ValueTask.FromResult(new SslServerAuthenticationOptions
            {
                ServerCertificateContext = At(((IPEndPoint)handshake.Connection.LocalEndPoint!).Address) is { } site ? _certificates.Of(site.Name, book[site.Name]) : null,
                ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            }),
        });
    }

    (string Name, RequestDelegate Answer)? At(IPAddress address) =>
        _sites.TryGetValue(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, out var site) ? site : null;

    static Socket Bound(int port)
    {
        var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
        socket.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
        return socket;
    }
}
