using System.Diagnostics;
using System.Text.Json;
using Google.Protobuf;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ProbeNet.Agent.Identity;
using ProbeNet.Collector.Fleet;
using ProbeNet.Collector.Fleet.Keys;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Benchmarks.Fleet;

/// <summary>A collector as a process and, in this one, a fleet whose sessions stand, on providers of very different size.</summary>
[System.Runtime.Versioning.SupportedOSPlatform("linux")]
sealed class FleetGround : IAsyncDisposable
{
    public const string List = "fleet";

    const int Isps = 12;
    const int Own = 5;
    const int AtOnce = 32;
    const int Tidy = 1000;
    const int Inputs = 500;

    static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(50);
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan Run = TimeSpan.FromSeconds(1);

    // The machines' disks: ten thousand of them would share this machine's.
    readonly DirectoryInfo _home = Directory.CreateDirectory($"/dev/shm/probenet-fleet-{Environment.ProcessId}");
    readonly List<StandingAgent> _agents = [];
    readonly CancellationTokenSource _over = new();
    readonly StateKey _stateKey;
    CollectorUnderTest _collector = null!;
    HttpClient _reader = null!;
    Task _measuring = Task.CompletedTask;

    FleetGround() => _stateKey = StateKey.OpenOrCreate(new(_home.FullName));

    public IReadOnlyList<StandingAgent> Agents => _agents;

    public IReadOnlyList<(string Name, int Pid)> Processes => [.. _collector.Processes, ("agents", Environment.ProcessId)];

    /// <summary>Everybody has joined, and nothing was released but what joining pins.</summary>
    public static async Task<FleetGround> StartAsync(BenchmarkOptions options, CancellationToken ct)
    {
        var ground = new FleetGround();
        try
        {
            await ground.BeginAsync(options, ct);
            return ground;
        }
        catch
        {
            await ground.DisposeAsync();
            throw;
        }
    }

    public Task<string> ReleaseAsync(int entries, string another, CancellationToken ct, params string[] options) => DoAsync(async () =>
    {
        var file = Path.Combine(_home.FullName, "list.csv");
        await File.WriteAllLinesAsync(file, Enumerable.Range(1, entries - 1).Select(n => $"https://site{n}.example/,NEWS").Prepend($"https://{another}.example/,NEWS").Prepend("url,category_code"), ct);
        await _collector.SayAsync(ct, "list", "import", file, "--name", List, "--cc", "KH");
        return await _collector.SayAsync(ct, ["list", "release", List, .. options]);
    });

    public Task<string> RevertAsync(CancellationToken ct) => DoAsync(() => _collector.SayAsync(ct, "list", "revert", List));

    /// <returns>When as many had it as were asked for, and how many have it at the end.</returns>
    public async Task<(TimeSpan At, int Have)> UntilAsync(Stopwatch since, ulong version, double share, TimeSpan within, CancellationToken ct)
    {
        int Have() => _agents.Count(agent => agent.Version >= version);
        while (Have() < share * _agents.Count && since.Elapsed < within)
            await Task.Delay(Glance, ct);
        return (since.Elapsed, Have());
    }

    /// <summary>What the operator sees of a release; asked for until it is as awaited.</summary>
    public async Task<JsonElement> RolloutAsync(ulong version, Func<JsonElement, bool> isAwaited, TimeSpan within, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            using var answer = JsonDocument.Parse(await _reader.GetStringAsync("api/v1/rollouts", ct));
            var rollout = answer.RootElement.GetProperty("items").EnumerateArray().Single(one => one.GetProperty("version").GetUInt64() == version).Clone();
            if (isAwaited(rollout) || watch.Elapsed > within)
                return rollout;
            await Task.Delay(Look, ct);
        }
    }

    static async Task<string> DoAsync(Func<Task<string>> say)
    {
        var said = await say();
        return said.StartsWith("Released", StringComparison.Ordinal) ? said : throw new InvalidOperationException($"Not released: {said}");
    }

    async Task BeginAsync(BenchmarkOptions options, CancellationToken ct)
    {
        _collector = await CollectorUnderTest.StartAsync(options with { Broker = false }, ct, settings: new Dictionary<string, string>
        {
            // Days of soaking would be days of running: a stage waits for its evidence and for these seconds.
            ["PROBENET_Collector__Intake__HeartbeatSeconds"] = "10",
            ["PROBENET_Collector__Rollout__Own"] = "00:00:05",
            ["PROBENET_Collector__Rollout__Sixty"] = "00:00:05",
            ["PROBENET_Collector__Rollout__ThreeHundred"] = "00:00:05",
            ["PROBENET_Collector__Rollout__Quarter"] = "00:00:05",
        });
        _reader = await _collector.ReaderAsync(ct);
        await ReleaseAsync(Inputs, "first", ct);
        await JoinAsync(options.Agents, ct);
        await Parallel.ForEachAsync(_agents, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (agent, cancel) => await agent.ConnectAsync(cancel));
        _measuring = MeasureAsync(_over.Token);
    }

    // By what enrolment leaves in the store and on the agents: ten thousand redemptions one by one would take longer than all that is measured.
    async Task JoinAsync(int volunteers, CancellationToken ct)
    {
        var invite = await _collector.InviteAsync(1, ct);
        await using var store = NpgsqlDataSource.Create(_collector.ConnectionString);
        await using var services = new ServiceCollection().AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()).AddSingleton(TimeProvider.System).AddSingleton(store)
            .AddFleet().BuildServiceProvider();
        var identity = (await services.GetRequiredService<CollectorKeyStore>().EnsureAsync(ct)).Identity;
        await using var connection = await store.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        for (var number = 0; number < volunteers + Own; number++)
        {
            var agent = new StandingAgent(Path.Combine(_home.FullName, $"{number}"), _stateKey, number);
            var certificate = CertificateOf(agent, number, number >= volunteers);
            await AgentKeys.AddAsync(certificate, connection, transaction, ct);
            agent.Join(new() { IdentityKey = invite.IdentityKey, TlsPin = invite.TlsPin, Root = invite.Root, Role = certificate.Role, Cc = certificate.Cc, Addresses = { invite.Addresses } },
                identity.Sign(SigningContext.Certificate, certificate));
            _agents.Add(agent);
            // Keys that were opened before their certificate came keep their pages until they are collected.
            if (number % Tidy == 0)
                GC.Collect();
        }
        await transaction.CommitAsync(ct);
    }

    static KeyCertificate CertificateOf(StandingAgent agent, int number, bool own)
    {
        var today = Day.Of(TimeProvider.System.GetUtcNow());
        return new()
        {
            PublicKey = agent.PublicKey,
            Unit = ByteString.CopyFrom(BitConverter.GetBytes(number)),
            Group = ByteString.CopyFrom(BitConverter.GetBytes(number)),
            Role = own ? Role.Control : Role.Agent,
            Cc = own ? "DE" : "KH",
            Asn = own ? 64600 : AsnOf(number),
            AsnSource = AsnSource.Bound,
            Epoch = Day.EpochOf(today),
            IssuedDay = today,
            ExpiresDay = ((Day.EpochOf(today) + 1) * Day.PerEpoch) + 15,
        };
    }

    // The first provider has a third of all, the last one a thirtieth.
    static uint AsnOf(int number)
    {
        var weights = Enumerable.Range(1, Isps).Select(rank => 1.0 / rank).ToArray();
        var (left, isp) = (number * 0.6180339887 % 1 * weights.Sum(), 0);
        for (; isp < Isps - 1 && left >= weights[isp]; isp++)
            left -= weights[isp];
        return 64501 + (uint)isp;
    }

    async Task MeasureAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Run);
        try
        {
            while (await timer.WaitForNextTickAsync(ct))
                _agents.ForEach(agent => agent.Measure());
        }
        catch (OperationCanceledException)
        {
            // The benchmark is over.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _measuring;
        await Parallel.ForEachAsync(_agents, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (agent, _) => await agent.DisposeAsync());
        _reader?.Dispose();
        if (_collector is not null)
            await _collector.DisposeAsync();
        _over.Dispose();
        _stateKey.Dispose();
        _home.Delete(recursive: true);
    }
}
