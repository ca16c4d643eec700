using System.Net.Security;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ProbeNet.Collector.Fleet;
using ProbeNet.Collector.Fleet.Enrolment;
using ProbeNet.Collector.Service;
using ProbeNet.Collector.Store;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.V1;
using ProbeNet.Testing;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Tests.Intake;

/// <summary>A whole collector in this process: real listeners with TLS, a real PostgreSQL.</summary>
sealed class RunningCollector : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly OpenStore _store;
    readonly DirectoryInfo _directory;

    RunningCollector(WebApplication app, OpenStore store, DirectoryInfo directory) => (App, _store, _directory) = (app, store, directory);

    public WebApplication App { get; }

    public IServiceProvider Services => App.Services;

    public Uri Agents => Listener("https:");

    public Uri Web => Listener("http:");

    public FleetState Fleet => Services.GetRequiredService<FleetMemory>().Current!;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="settings">As on the command line: `--Collector:X=y`.</param>
    public static async Task<RunningCollector> StartAsync(params string[] settings) => await StartAsync(_ => { }, settings);

    public static async Task<RunningCollector> StartAsync(Action<IServiceCollection> decorate, params string[] settings)
    {
        var database = await (await PostgresProcess.SharedAsync()).CreateDatabaseAsync();
        var directory = Directory.CreateTempSubdirectory("probenet-collector-");
        var surroundings = new Surroundings(TextReader.Null, TextWriter.Null, TextWriter.Null, TimeProvider.System, _ => null)
        {
            Decorate = decorate,
            Settings =
            [
                "--Collector:StateDirectory=" + directory.FullName, "--ConnectionStrings:Store=" + database,
                "--Kestrel:Endpoints:Agents:Url=https://127.0.0.1:0", "--Kestrel:Endpoints:Web:Url=http://127.0.0.1:0", .. settings,
            ],
        };
        var location = StoreLocation.Of(CollectorConfiguration.Read(surroundings), directory.FullName);
        var store = await OpenStore.OpenAsync(location, beside: false, TimeProvider.System, NullLoggerFactory.Instance, Cancel);
        var app = CollectorHost.Build(surroundings, Roles.Intake | Roles.Writer, store);
        await app.StartAsync(Cancel);
        var running = new RunningCollector(app, store, directory);
        await Eventually.TrueAsync("the fleet is read", () => app.Services.GetRequiredService<FleetMemory>().Current is not null, Patience);
        return running;
    }

    /// <returns>The secret of a new invite.</returns>
    public Task<byte[]> InviteAsync(int uses = 1, Role role = Role.Agent, string group = "", int days = 7) =>
        Services.GetRequiredService<InviteDesk>().CreateAsync(new(role, uses, Day.ToDate((uint)((int)Today + days)), group, "KH"), Cancel);

    public static uint Today => Day.Of(TimeProvider.System.GetUtcNow());

    public Sessions.SessionsClient Client() => new(GrpcChannel.ForAddress(Agents, new()
    {
        HttpHandler = new PathHandler(Fleet.Keys.SecretPath, Handler()),
        DisposeHttpClient = true,
    }));

    /// <summary>Takes whatever certificate the listener has: what it proves is not the point of these tests.</summary>
    public static SocketsHttpHandler Handler() => new()
    {
        UseProxy = false,
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is not null },
    };

    public async Task<T> ReadAsync<T>(string sql)
    {
        await using var command = _store.Source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Cancel))!;
    }

    /// <summary>Waits until the store says so.</summary>
    public async Task UntilAsync(string sql, long expected) => await Eventually.TrueAsync(sql, async () => await ReadAsync<long>(sql) == expected, Patience);

    /// <summary>Waits until the running collector knows what was just written to the store.</summary>
    public async Task SeesAsync(Func<FleetState, bool> condition) =>
        await Eventually.TrueAsync("the collector has read the change", () => condition(Fleet), Patience);

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync(CancellationToken.None);
        await App.DisposeAsync();
        await _store.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    Uri Listener(string scheme) => new(App.Urls.Single(url => url.StartsWith(scheme, StringComparison.Ordinal)));

    sealed class PathHandler(string secret, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new UriBuilder(request.RequestUri!) { Path = "/" + secret + request.RequestUri!.AbsolutePath }.Uri;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
