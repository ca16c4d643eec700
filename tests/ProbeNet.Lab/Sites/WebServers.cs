using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProbeNet.Lab.Hosts;

namespace ProbeNet.Lab.Sites;

/// <summary>
/// Every web server of the lab in one Kestrel: a listening socket belongs to the host it was made on, so one server can
/// stand in many networks. Ports 80 and 443 of each address, certificates by SNI.
/// </summary>
sealed class WebServers : IAsyncDisposable
{
    readonly LabAuthority _authority;
    readonly ConcurrentDictionary<string, X509Certificate2> _certificates = new(StringComparer.Ordinal);
    readonly Dictionary<IPAddress, Host> _hosts = [];
    readonly Dictionary<IPAddress, (string Name, RequestDelegate Answer)> _sites = [];
    WebApplication? _app;

    public WebServers(LabAuthority authority) => _authority = authority;

    /// <summary>Serves <paramref name="name"/> at <paramref name="address"/> of <paramref name="host"/> once started.</summary>
    public void Add(Host host, IPAddress address, string name, RequestDelegate answer)
    {
        _hosts[address] = host;
        _sites[address] = (name, answer);
    }

    public async Task Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.Services.Configure<SocketTransportOptions>(options =>
            options.CreateBoundListenSocket = end => _hosts.TryGetValue(((IPEndPoint)end).Address, out var host)
                ? host.Inside(() => Bound((IPEndPoint)end))
                : SocketTransportOptions.CreateDefaultBoundListenSocket(end));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            foreach (var (address, (name, _)) in _sites)
            {
                kestrel.Listen(address, 80);
                // A hello with another name, or none, gets the certificate of the address it was sent to.
                kestrel.Listen(address, 443, listen => listen.UseHttps(https => https.ServerCertificateSelector = (_, _) => Certificate(name)));
            }
        });
        _app = builder.Build();
        _app.Run(context => _sites[context.Connection.LocalIpAddress!.MapToIPv4()].Answer(context));
        await _app.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }

    X509Certificate2 Certificate(string name) => _certificates.GetOrAdd(name, _authority.Issue);

    static Socket Bound(IPEndPoint end)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(end);
        return socket;
    }
}
