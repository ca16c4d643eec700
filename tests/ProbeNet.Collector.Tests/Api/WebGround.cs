using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ProbeNet.Collector.Service;
using ProbeNet.Collector.Store;
using ProbeNet.Collector.Tests.Analysis;
using Xunit;

namespace ProbeNet.Collector.Tests.Api;

/// <summary>The collector's web role over a store that the writer and the analysis have filled.</summary>
sealed class WebGround : IAsyncDisposable
{
    readonly Surroundings _surroundings;
    readonly OpenStore _store;
    readonly DirectoryInfo _directory;
    WebApplication _app;

    WebGround(AnalysisGround ground, Surroundings surroundings, OpenStore store, WebApplication app, DirectoryInfo directory)
    {
        (Ground, _surroundings, _store, _app, _directory) = (ground, surroundings, store, app, directory);
        Http = Client();
    }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public AnalysisGround Ground { get; }

    // Endpoints come in the order of their names: Agents, Web.
    public Uri Address => new(_app.Urls.Last());

    public HttpClient Http { get; private set; }

    public IServiceProvider Services => _app.Services;

    /// <summary>The state directory.</summary>
    public string State => _directory.FullName;

    /// <param name="settings">As on the command line, without the leading dashes.</param>
    public static async Task<WebGround> StartAsync(AnalysisGround ground, params string[] settings)
    {
        var directory = Directory.CreateTempSubdirectory("probenet-web-");
        var networks = Path.Combine(directory.FullName, "networks.tsv");
        await File.WriteAllLinesAsync(networks, Enumerable.Range(1, 4).Select(i => $"20.0.{i}.0\t20.0.{i}.255\t{64500 + i}\tKH\tInvented Provider {i}"), Ct);
        string[] all =
        [
            $"ConnectionStrings:Store={ground.Store.Source.ConnectionString}", $"Collector:StateDirectory={directory.FullName}", $"Collector:AsnTable={networks}",
            "Kestrel:Endpoints:Web:Url=http://127.0.0.1:0", "Kestrel:Endpoints:Agents:Url=http://127.0.0.1:0", .. settings,
        ];
        var surroundings = new Surroundings(TextReader.Null, TextWriter.Null, TextWriter.Null, ground.Store.Clock, _ => null) { Settings = [.. all.Select(setting => "--" + setting)] };
        var store = await OpenStore.OpenAsync(
            StoreLocation.Of(CollectorConfiguration.Read(surroundings), directory.FullName), beside: false, ground.Store.Clock, NullLoggerFactory.Instance, Ct);
        var app = CollectorHost.Build(surroundings, Roles.Web, store);
        await app.StartAsync(Ct);
        return new(ground, surroundings, store, app, directory);
    }

    /// <summary>Another process in its place, at another port.</summary>
    public async Task RestartAsync()
    {
        Http.Dispose();
        await _app.StopAsync(Ct);
        await _app.DisposeAsync();
        _app = CollectorHost.Build(_surroundings, Roles.Web, _store);
        await _app.StartAsync(Ct);
        Http = Client();
    }

    public async Task<string> KeyAsync(ApiRole role = ApiRole.Analyst) => (await Services.GetRequiredService<ApiKeys>().CreateAsync(role, "test", Ct)).Text;

    public async Task<HttpResponseMessage> GetAsync(string path, string? key = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        // A stream has no end.
        return await Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
    }

    public async Task<JsonNode> JsonAsync(string path, string? key = null)
    {
        using var response = await GetAsync(path, key);
        var text = await response.Content.ReadAsStringAsync(Ct);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{path}: {response.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    /// <summary>An error as it must always be: a problem document with the status of the answer.</summary>
    public async Task<JsonNode> ProblemAsync(string path, HttpStatusCode status, string? key = null)
    {
        using var response = await GetAsync(path, key);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(await response.Content.ReadAsStringAsync(Ct))!;
        Assert.Equal((int)status, (int)problem["status"]!);
        return problem;
    }

    public static JsonNode Cell(JsonNode matrix, string domain, long asn) =>
        matrix["cells"]!.AsArray().Single(cell => (string)cell!["domain"]! == domain && (long)cell["asn"]! == asn)!;

    HttpClient Client() => new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { BaseAddress = Address };

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        await _store.DisposeAsync();
        await Ground.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
