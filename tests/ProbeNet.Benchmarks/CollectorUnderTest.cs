using System.Diagnostics;
using System.Globalization;
using ProbeNet.Collector.Queue;
using ProbeNet.Collector.Store.Embedded;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.V1;
using ProbeNet.Testing;
using RabbitMQ.Client;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Benchmarks;

/// <summary>The built collector as a process of its own, on the embedded default or with servers beside it.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
sealed class CollectorUnderTest : IAsyncDisposable
{
    readonly string _state = Directory.CreateTempSubdirectory("probenet-benchmark-").FullName;
    readonly int _agents = FreePort.Next();
    readonly int _web = FreePort.Next();
    PostgresProcess? _postgres;
    RabbitMqProcess? _rabbit;
    Process? _serve;
    string? _store;
    IReadOnlyDictionary<string, string> _settings = new Dictionary<string, string>();

    /// <summary>Where its rows can be read.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>Every process that works, by what it is called in the report.</summary>
    public IReadOnlyList<(string Name, int Pid)> Processes { get; private set; } = [];

    static string Program
    {
        get
        {
            // bin/CONFIGURATION/FRAMEWORK is the same for every project.
            var output = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
            var root = output[..output.LastIndexOf("/tests/", StringComparison.Ordinal)];
            return Path.Combine(root, "collector", output[output.LastIndexOf("/bin/", StringComparison.Ordinal)..][1..], "probenet-collector");
        }
    }

    /// <param name="store">A database that is there already; null for one of its own.</param>
    /// <param name="settings">Environment of the collector and its commands, beside what a run needs.</param>
    public static async Task<CollectorUnderTest> StartAsync(
        BenchmarkOptions options, CancellationToken ct, string? store = null, IReadOnlyDictionary<string, string>? settings = null)
    {
        var collector = new CollectorUnderTest { _store = store };
        collector._settings = settings ?? collector._settings;
        try
        {
            await collector.BeginAsync(options, ct);
            return collector;
        }
        catch
        {
            await collector.DisposeAsync();
            throw;
        }
    }

    /// <summary>The program beside a database, nothing of it running yet.</summary>
    public static CollectorUnderTest Beside(string store) => new() { _store = store };

    /// <summary>Begins one of its commands.</summary>
    public Process Begin(params string[] arguments) => Process.Start(Info(arguments))!;

    /// <summary>An invite for as many agents.</summary>
    public async Task<Invite> InviteAsync(int uses, CancellationToken ct)
    {
        var said = await SayAsync(ct, "invite", "create", "--uses", uses.ToString(CultureInfo.InvariantCulture), "--cc", "KH");
        return InviteText.TryRead(said, out var invite) ? invite : throw new InvalidOperationException($"No invite: {said}");
    }

    /// <summary>Of the pages and REST.</summary>
    public Uri Web => new($"http://127.0.0.1:{_web}/");

    /// <summary>An analyst's key.</summary>
    public Task<string> KeyAsync(CancellationToken ct) => SayAsync(ct, "keys", "create", "--role", "analyst", "--name", "benchmark");

    /// <summary>REST with an analyst's key.</summary>
    public async Task<HttpClient> ReaderAsync(CancellationToken ct) => new(new SocketsHttpHandler())
    {
        BaseAddress = Web,
        DefaultRequestHeaders = { Authorization = new("Bearer", await KeyAsync(ct)) },
    };

    /// <summary>Messages that the broker holds, not yet taken; null without a broker.</summary>
    public async Task<uint?> QueueLengthAsync(CancellationToken ct)
    {
        if (_rabbit is null)
            return null;
        var factory = new ConnectionFactory { Uri = new(_rabbit.ConnectionString) };
        await using var connection = await factory.CreateConnectionAsync(ct);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        return (await channel.QueueDeclarePassiveAsync(BrokerQueue.Name, ct)).MessageCount;
    }

    /// <summary>What a command prints on its last line.</summary>
    public async Task<string> SayAsync(CancellationToken ct, params string[] arguments)
    {
        using var command = Begin(arguments);
        command.ErrorDataReceived += (_, e) => Console.Error.WriteLine(e.Data);
        command.BeginErrorReadLine();
        var said = await command.StandardOutput.ReadToEndAsync(ct);
        await command.WaitForExitAsync(ct);
        return said.Trim().Split('\n')[^1];
    }

    public async ValueTask DisposeAsync()
    {
        if (_serve is not null)
        {
            if (!_serve.HasExited)
                Process.Start("kill", ["-TERM", _serve.Id.ToString(CultureInfo.InvariantCulture)]).Dispose();
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            await _serve.WaitForExitAsync(deadline.Token);
            _serve.Dispose();
        }
        if (_postgres is not null)
            await _postgres.DisposeAsync();
        if (_rabbit is not null)
            await _rabbit.DisposeAsync();
        Directory.Delete(_state, recursive: true);
    }

    async Task BeginAsync(BenchmarkOptions options, CancellationToken ct)
    {
        if (options.Broker)
        {
            _rabbit = await RabbitMqProcess.StartAsync();
            _postgres = _store is null ? await PostgresProcess.StartAsync() : null;
            _store ??= await _postgres!.CreateDatabaseAsync();
        }
        _serve = Begin("serve", "--roles", options.Roles);
        _serve.OutputDataReceived += Relay;
        _serve.ErrorDataReceived += Relay;
        var listening = new TaskCompletionSource();
        _serve.OutputDataReceived += (_, e) =>
        {
            if (e.Data?.StartsWith("Listening", StringComparison.Ordinal) == true)
                listening.TrySetResult();
        };
        _serve.BeginOutputReadLine();
        _serve.BeginErrorReadLine();
        await Task.WhenAny(listening.Task, _serve.WaitForExitAsync(ct)).WaitAsync(TimeSpan.FromMinutes(3), ct);
        if (_serve.HasExited)
            throw new InvalidOperationException("The collector ended while starting.");
        var embedded = new EmbeddedPostgresOptions(Path.Combine(_state, "store"));
        ConnectionString = _store ?? EmbeddedConnection.String(embedded);
        List<(string, int)> processes = [("collector", _serve.Id)];
        if ((_postgres?.Pid ?? Postmaster.Find(embedded.Data)?.Pid) is { } postgres)
            processes.Add(("postgresql", postgres));
        if (_rabbit is not null)
            processes.Add(("rabbitmq", _rabbit.Pid));
        Processes = processes;
    }

    static void Relay(object sender, DataReceivedEventArgs e)
    {
        if (e.Data is { Length: > 0 } line && !line.StartsWith("Listening", StringComparison.Ordinal))
            Console.Error.WriteLine($"  collector: {line}");
    }

    ProcessStartInfo Info(params string[] arguments)
    {
        var info = new ProcessStartInfo(Program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment["PROBENET_Collector__StateDirectory"] = _state;
        info.Environment["PROBENET_Collector__PublicAddresses__0"] = $"https://127.0.0.1:{_agents}";
        info.Environment["PROBENET_Kestrel__Endpoints__Agents__Url"] = $"https://127.0.0.1:{_agents}";
        info.Environment["PROBENET_Kestrel__Endpoints__Web__Url"] = $"http://127.0.0.1:{_web}";
        info.Environment["XDG_CONFIG_HOME"] = Path.Combine(_state, "operator");
        foreach (var (name, value) in _settings)
            info.Environment[name] = value;
        if (_store is not null)
            info.Environment["PROBENET_ConnectionStrings__Store"] = _store;
        if (_rabbit is not null)
            info.Environment["PROBENET_ConnectionStrings__Queue"] = _rabbit.ConnectionString;
        return info;
    }
}
