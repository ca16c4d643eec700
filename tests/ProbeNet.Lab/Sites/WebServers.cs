using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProbeNet.Lab.Addresses;
using ProbeNet.Lab.Hosts;

namespace ProbeNet.Lab.Sites;

/// <summary>
/// Every web server of the lab in one Kestrel: a listening socket belongs to the host it was made on, so one server can
/// stand in many networks. Ports 80 and 443 of all addresses of a host; which site answers, the address says.
/// </summary>
sealed class WebServers(LabAuthority authority) : IAsyncDisposable
{
    readonly ConcurrentDictionary<string, SslStreamCertificateContext> _certificates = new(StringComparer.Ordinal);
    readonly List<Host> _hosts = [];
    readonly Dictionary<IPAddress, (string Name, RequestDelegate Answer)> _sites = [];
    WebApplication? _app;

    /// <summary>Serves <paramref name="name"/> at the addresses of <paramref name="host"/> once started.</summary>
    public void Add(Host host, AddressPair addresses, string name, RequestDelegate answer)
    {
        if (!_hosts.Contains(host))
            _hosts.Add(host);
        foreach (var address in addresses.All)
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
                // A hello with another name, or none, gets the certificate of the address it was sent to.
                kestrel.Listen(IPAddress.IPv6Any, host * 2 + 1, listen => listen.UseHttps(new TlsHandshakeCallbackOptions
                {
                    OnConnection = connection => ValueTask.FromResult(new SslServerAuthenticationOptions
                    {
                        ServerCertificateContext = Certificate(connection.Connection),
                        ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
                    }),
                }));
            }
        });
        _app = builder.Build();
        _app.Run(context => _sites.TryGetValue(Plain(context.Connection.LocalIpAddress!), out var site) ? site.Answer(context) : Task.CompletedTask);
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }

    SslStreamCertificateContext? Certificate(ConnectionContext connection) =>
        connection.LocalEndPoint is IPEndPoint end && _sites.TryGetValue(Plain(end.Address), out var site)
            ? _certificates.GetOrAdd(site.Name, name => SslStreamCertificateContext.Create(authority.Issue(name), authority.Between, offline: true)) : null;

    static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    static Socket Bound(int port)
    {
        var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { DualMode = true };
        socket.Bind(new IPEndPoint(IPAddress.IPv6Any, port));
        return socket;
    }
}
