using System.Net;
using System.Net.Sockets;
using ProbeNet.Agent.Measurements;
using ProbeNet.Agent.Probes;
using ProbeNet.Agent.Probes.Dns;
using ProbeNet.Agent.Probes.Http;
using ProbeNet.Agent.Probes.Path;
using ProbeNet.Agent.Probes.Quic;
using ProbeNet.Agent.Probes.Tcp;
using ProbeNet.Agent.Probes.Tls;
using ProbeNet.Agent.Tests.Probes;
using Xunit;

namespace ProbeNet.Agent.Tests.Measurements;

/// <summary>
/// The measuring parts over loopback, with a resolver whose answers are a table. Sites take addresses in 127.0.0.0/8
/// that are the test's own, and ports 80 and 443.
/// </summary>
sealed class TestWorld : IAsyncDisposable
{
    static int _worlds;

    readonly byte _number = (byte)(Interlocked.Increment(ref _worlds) % 200 + 20);
    readonly ScriptedDns _dns;
    readonly List<ScriptedServer> _servers = [];
    readonly string _configuration = Path.GetTempFileName();

    public TestWorld(ProbesOptions? options = null, WebTimes? times = null)
    {
        options ??= new ProbesOptions { ResidualWait = TimeSpan.FromMilliseconds(50) };
        times ??= new WebTimes { Connect = TimeSpan.FromSeconds(1), Handshake = TimeSpan.FromSeconds(1), Request = TimeSpan.FromSeconds(1), SecondReply = TimeSpan.FromMilliseconds(30) };
        _dns = new ScriptedDns(Answer);
        File.WriteAllText(_configuration, $"nameserver {_dns.EndPoint.Address}\n");
        Policy = new AddressPolicy(() => [], peer => peer.Address.GetAddressBytes() is [127, var second, ..] && (second == _number || (second == 0 && peer.Port > 1024)));
        Sockets = new ProbeSockets(Policy, null, Traffic);
        var tcp = new TcpProbe(Sockets, times.Connect);
        var tls = new TlsProbe(Traffic, times.Handshake, TestAuthority.Roots);
        var http = new HttpProbe(times.Request);
        var dnsTimes = new DnsTimes(TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(200));
        var id = 0;
        var dns = new DnsProbe(
            Sockets, tcp, tls, new SystemResolvers(_configuration, _dns.EndPoint.Port), dnsTimes, () => (ushort)Interlocked.Increment(ref id));
        var lookup = new Lookup(dns, times);
        Residual = new ResidualBlocking(TimeProvider.System, options.ResidualWait);
        var endpoints = new EndpointTry(tcp, tls, Traffic, Residual);
        var quic = new QuicTry(new QuicProbe(Sockets, TimeSpan.FromMilliseconds(300)), Sockets, Residual, TimeProvider.System, options);
        var localisation = new Localisation(
            new PathProbe(Sockets, TimeSpan.FromMilliseconds(300)), Sockets, lookup, Residual, options, new LocalisationOptions(), budget: null, new Random(1));
        Measurement = new WebMeasurement(
            lookup, endpoints, http, new SniComparison(endpoints, http, Residual, options), new ThrottleComparison(endpoints, http, lookup, Sockets), quic,
            localisation, Sockets, () => false, TimeProvider.System, times);
        var references = new ReferenceTry(lookup, endpoints, tcp, http, quic, Sockets, () => false, TimeProvider.System);
        Checks = new NetworkChecks(dns, references, Sockets, () => false, () => false, TimeProvider.System, new Random(1));
    }

    public Dictionary<string, string[]> Names { get; } = new(StringComparer.OrdinalIgnoreCase);

    public AddressPolicy Policy { get; }

    public ProbeSockets Sockets { get; }

    public TrafficMeter Traffic { get; } = new();

    public ResidualBlocking Residual { get; }

    public WebMeasurement Measurement { get; }

    public NetworkChecks Checks { get; }

    public static NamedResolver System { get; } = new("system", ResolverAddress.System);

    public static NamedResolver Second(string url) =>
        new("second", ResolverAddress.TryParse(url, out var address) ? address : throw new FormatException(url));

    public static WebPlan Plan => new() { Resolvers = [System], InnocuousName = "innocuous.test" };

    /// <summary>An address of this world; nothing listens there yet.</summary>
    public string Address(byte host) => $"127.{_number}.0.{host}";

    public ScriptedServer Serve(byte host, int port, Func<Socket, CancellationToken, Task> script)
    {
        var server = new ScriptedServer(script, port, Address(host));
        _servers.Add(server);
        return server;
    }

    public Task<Observed> MeasureAsync(string input, WebPlan? plan = null, Scrubber? scrubber = null) =>
        Measurement.RunAsync(input, plan ?? Plan, scrubber ?? new Scrubber([]), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Checks.Dispose();
        await _dns.DisposeAsync();
        foreach (var server in _servers)
            await server.DisposeAsync();
        File.Delete(_configuration);
    }

    IEnumerable<byte[]> Answer(string name, ushort type)
    {
        if (!Names.TryGetValue(name, out var addresses))
            return [ScriptedDns.Reply(name, type, 3, edns: true)];
        string[] wanted = [.. addresses.Where(address => IPAddress.Parse(address).GetAddressBytes().Length == (type == 1 ? 4 : 16))];
        return [ScriptedDns.Reply(name, type, 0, edns: true, wanted)];
    }
}
