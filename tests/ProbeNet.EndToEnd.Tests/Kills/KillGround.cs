using System.Net.Sockets;
using Npgsql;
using ProbeNet.Collector.Queue;
using ProbeNet.Lab.Control;
using ProbeNet.Testing;
using RabbitMQ.Client;

namespace ProbeNet.EndToEnd.Tests.Kills;

/// <summary>Two agents, a collector, a broker and a database, each of which may die at any time.</summary>
sealed class KillGround : IAsyncDisposable
{
    static readonly TimeSpan WindowDeadline = TimeSpan.FromSeconds(90);

    readonly string _folder = Directory.CreateTempSubdirectory("probenet-kills-").FullName;
    readonly PostgresProcess _database;
    readonly RabbitMqProcess _broker;
    readonly int _agentsPort = FreePort.Next();
    readonly int _webPort = FreePort.Next();
    readonly ChildProcess?[] _agents = new ChildProcess?[2];
    ChildProcess? _collector;

    KillGround(PostgresProcess database, RabbitMqProcess broker, string store) => (_database, _broker, Store) = (database, broker, store);

    internal string Store { get; }

    string WindowLog => Path.Combine(_folder, "window");

    internal static async Task<KillGround> StartAsync()
    {
        var database = await PostgresProcess.StartAsync();
        var broker = await RabbitMqProcess.StartAsync();
        var ground = new KillGround(database, broker, await database.CreateDatabaseAsync());
        await ground.EnrollAsync();
        return ground;
    }

    /// <summary>Returns when the window was hit and everything runs again.</summary>
    internal async Task SufferAsync(Kill kill, int after)
    {
        File.Delete(WindowLog);
        var environment = new Dictionary<string, string> { ["KILL_WINDOW"] = kill.Window, ["KILL_AFTER"] = $"{after}" };
        switch (kill.Victim)
        {
            case Victim.Agent:
                await RestartAgentAsync(0, environment);
                await _agents[0]!.EndAsync(WindowDeadline);
                AssertHit(kill);
                await RestartAgentAsync(0, []);
                break;
            case Victim.Collector:
                await RestartCollectorAsync(environment);
                await _collector!.EndAsync(WindowDeadline);
                AssertHit(kill);
                await RestartCollectorAsync([]);
                break;
            default:
                environment["KILL_OTHER"] = "1";
                await RestartCollectorAsync(environment);
                await Eventually.TrueAsync($"window {kill.Window}; the collector said {_collector!.Output}", () => File.Exists(WindowLog), WindowDeadline);
                await (kill.Victim == Victim.Broker ? _broker.KillAsync() : _database.KillAsync());
                File.Delete(WindowLog);
                await (kill.Victim == Victim.Broker ? _broker.RestartAsync() : _database.RestartAsync());
                break;
        }
    }

    /// <summary>Lets the agents deliver everything.</summary>
    /// <returns>The uids that the files outside the agents counted.</returns>
    internal async Task<IReadOnlyCollection<string>> FinishAsync()
    {
        for (var n = 0; n < _agents.Length; n++)
        {
            await File.WriteAllTextAsync(Path.Combine(AgentState(n), "stop"), "");
            await RestartAgentAsync(n, []);
        }
        await RestartCollectorAsync([]);
        var produced = await ReadProducedAsync();
        await using var store = NpgsqlDataSource.Create(Store);
        // However much has piled up: as long as more comes, it is waited for.
        for (var stored = 0L; stored < produced.Count;)
        {
            var before = stored;
            try
            {
                await Eventually.TrueAsync($"more than {before} of {produced.Count} measurements stored", async () =>
                {
                    await using var command = store.CreateCommand("select count(*) from measurement_all");
                    return (stored = (long)(await command.ExecuteScalarAsync())!) > before;
                }, TimeSpan.FromMinutes(3));
            }
            catch (TimeoutException late)
            {
                throw new TimeoutException($"{late.Message}; {await WhereAsync(store)}; the collector said {_collector!.Output}; the agents said {string.Join("; ", _agents.Select(agent => agent!.Output))}", late);
            }
        }
        return await ReadProducedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var child in _agents.Append(_collector).OfType<ChildProcess>())
            await child.DisposeAsync();
        await _broker.DisposeAsync();
        await _database.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    // Where what is not stored may be.
    async Task<string> WhereAsync(NpgsqlDataSource store)
    {
        await using var connection = await new ConnectionFactory { Uri = new(_broker.ConnectionString) }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        var queue = await channel.QueueDeclarePassiveAsync(BrokerQueue.Name);
        var agents = new List<string>();
        for (var n = 0; n < _agents.Length; n++)
            agents.Add(await ChildProcess.RunAsync(BuiltPrograms.Agent, ["status", "--json"], new Dictionary<string, string> { ["PROBENET_Agent__StateDirectory"] = AgentState(n) }));
        await using var command = store.CreateCommand("""
            select concat((select count(*) from parked), ' parked; ',
                (select string_agg(concat_ws(' ', pid, state, wait_event_type, wait_event, now() - xact_start, left(query, 100)), '; ') from pg_stat_activity where state <> 'idle' and pid <> pg_backend_pid()))
            """);
        return $"in the queue {queue.MessageCount} for {queue.ConsumerCount} consumers; in the store {await command.ExecuteScalarAsync()}; at the agents {string.Join("; ", agents)}";
    }

    async Task EnrollAsync()
    {
        await RestartCollectorAsync([]);
        await Eventually.TrueAsync("the collector listens", ListensAsync, TimeSpan.FromMinutes(2));
        for (var n = 0; n < _agents.Length; n++)
        {
            var invite = await ChildProcess.RunAsync(BuiltPrograms.Collector, ["invite", "create", "--cc", "KH"], CollectorEnvironment());
            await ChildProcess.RunAsync(BuiltPrograms.Agent, ["enroll", "--accept-risks"],
                new Dictionary<string, string> { ["PROBENET_Agent__StateDirectory"] = AgentState(n) },
                invite.Trim().Split('\n')[^1]);
            await RestartAgentAsync(n, []);
        }
    }

    async Task RestartAgentAsync(int n, Dictionary<string, string> environment)
    {
        if (_agents[n] is { } running)
            await running.DisposeAsync();
        environment["KILL_LOG"] = WindowLog;
        _agents[n] = ChildProcess.Start(BuiltPrograms.Killable, ["agent", AgentState(n), ProducedFile(n)], environment);
    }

    async Task RestartCollectorAsync(Dictionary<string, string> environment)
    {
        if (_collector is { } running)
            await running.DisposeAsync();
        environment["KILL_LOG"] = WindowLog;
        foreach (var (name, value) in CollectorEnvironment())
            environment[name] = value;
        _collector = ChildProcess.Start(BuiltPrograms.Killable, ["collector"], environment);
    }

    Dictionary<string, string> CollectorEnvironment() => new()
    {
        ["HOME"] = _folder,
        ["PROBENET_ConnectionStrings__Store"] = Store,
        ["PROBENET_ConnectionStrings__Queue"] = _broker.ConnectionString,
        ["PROBENET_Collector__StateDirectory"] = Path.Combine(_folder, "collector"),
        ["PROBENET_Collector__PublicAddresses__0"] = $"https://127.0.0.1:{_agentsPort}",
        ["PROBENET_Kestrel__Endpoints__Agents__Url"] = $"https://127.0.0.1:{_agentsPort}",
        ["PROBENET_Kestrel__Endpoints__Web__Url"] = $"http://127.0.0.1:{_webPort}",
    };

    async Task<bool> ListensAsync()
    {
        if (_collector!.HasEnded)
            throw new InvalidOperationException($"The collector ended: {_collector.Output}");
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", _agentsPort);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    async Task<HashSet<string>> ReadProducedAsync()
    {
        HashSet<string> uids = [];
        for (var n = 0; n < _agents.Length; n++)
            uids.UnionWith((await File.ReadAllLinesAsync(ProducedFile(n))).Where(line => Guid.TryParse(line, out _)));
        return uids;
    }

    void AssertHit(Kill kill)
    {
        var hit = File.Exists(WindowLog) ? File.ReadAllText(WindowLog).Trim() : "none";
        if (hit != kill.Window)
            throw new InvalidOperationException($"{kill.Victim} ended elsewhere than at {kill.Window} (window: {hit}): {_agents[0]!.Output} {_collector!.Output}");
    }

    string AgentState(int n) => Path.Combine(_folder, $"agent{n}");

    string ProducedFile(int n) => Path.Combine(_folder, $"produced{n}");
}
