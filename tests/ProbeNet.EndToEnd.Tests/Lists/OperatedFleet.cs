using Google.Protobuf;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using ProbeNet.Collector.Fleet;
using ProbeNet.Collector.Fleet.Keys;
using ProbeNet.Collector.Fleet.Lists;
using ProbeNet.Collector.Fleet.Trust;
using ProbeNet.Collector.Rollout;
using ProbeNet.Collector.Store;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using ProbeNet.Testing;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.EndToEnd.Tests.Lists;

/// <summary>
/// An operator with keys, a collector's store with the worker that takes releases on, and agents with real state directories. What a
/// session says goes from one side to the other without a wire, so that weeks pass in a second.
/// </summary>
sealed class OperatedFleet : IAsyncDisposable
{
    internal const string List = "kh";

    const int Isps = 4;

    // Three hundred machines' disks would share one; a directory in memory is as durable as a test needs.
    readonly DirectoryInfo _home = Directory.CreateDirectory(Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"probenet-fleet-{Guid.NewGuid():N}"));
    readonly SigningKey _root = SigningKey.Create();
    readonly SetClock _clock = new();
    readonly ServiceProvider _services;
    readonly List<ListedAgent> _agents = [];

    OperatedFleet(NpgsqlDataSource source)
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()).AddSingleton<TimeProvider>(_clock).AddSingleton(source).AddLogging(logging => logging.ClearProviders());
        services.AddFleet().AddFleetRefresh().AddRollouts().AddRolloutWorker().AddSingleton<RolloutWorker>();
        _services = services.BuildServiceProvider();
    }

    /// <summary>Who may release; the first of them until a root names more.</summary>
    internal List<SigningKey> Operators { get; } = [SigningKey.Create(), SigningKey.Create()];

    internal IReadOnlyList<ListedAgent> Agents => _agents;

    internal DateTimeOffset Now => _clock.GetUtcNow();

    /// <summary>Milliseconds of a run by version of the list.</summary>
    internal Func<ulong, double> Pace { get; set; } = _ => 1000;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="volunteers">Spread over four providers.</param>
    /// <param name="own">The operator's own.</param>
    internal static async Task<OperatedFleet> StartAsync(int volunteers, int own)
    {
        var source = NpgsqlDataSource.Create(await (await PostgresProcess.SharedAsync()).CreateDatabaseAsync());
        await new Migrator(source).ApplyAsync(Ct);
        var fleet = new OperatedFleet(source);
        await fleet.PublishAsync(RootDraft.First(fleet._root.PublicKey.Bytes, fleet.Operators[0].PublicKey.Bytes, (await fleet.KeysAsync()).Online.PublicKey.Bytes, fleet.Now));
        var pin = (await fleet.TrustAsync()).RootHash;
        for (var number = 0; number < volunteers + own; number++)
            await fleet.AddAsync(number, number >= volunteers, pin);
        return fleet;
    }

    internal T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    internal async Task<FleetTrust> TrustAsync() => (await Get<TrustTable>().ReadAsync(Ct))!;

    internal Task<CollectorKeys> KeysAsync() => Get<CollectorKeyStore>().EnsureAsync(Ct);

    /// <summary>The next root, as it was with what is changed.</summary>
    internal async Task ChangeRootAsync(Action<Root> change)
    {
        var root = (await TrustAsync()).Root.Clone();
        root.Version++;
        change(root);
        await PublishAsync(root);
    }

    internal Task<ReleaseOutcome> ReleaseAsync(string input, ReleaseTerms terms, SigningKey? key = null) => ReleaseAsync(
        new ListDraft(new() { Name = List, Entries = { new ListEntry { Input = input, CategoryCode = "NEWS" } } }, new()), terms, key);

    internal Task<ReleaseOutcome> ReleaseAsync(ListDraft draft, ReleaseTerms terms, SigningKey? key = null) =>
        Get<ListReleases>().ReleaseAsync(draft, terms, key ?? Operators[0], Ct);

    /// <summary>The content of a former version as the next one, to everybody at once.</summary>
    internal async Task RevertAsync(ulong to, ulong from) =>
        await ReleaseAsync((await Get<ListReleases>().FindAsync(List, to, Ct))!, ReleaseTerms.Everybody with { Emergency = true, Reverts = from });

    /// <summary>Time passes, every agent says what it has and takes what it is told, and the worker looks.</summary>
    internal async Task PassAsync(TimeSpan time)
    {
        _clock.Now += time;
        await MeetAsync();
        await Get<RolloutWorker>().LookAsync(Ct);
    }

    internal async Task MeetAsync()
    {
        var state = await StateAsync();
        foreach (var agent in _agents)
            agent.Meet(state, Get<AgentReports>(), Pace);
        await Get<AgentReports>().FlushAsync(Ct);
    }

    internal Task<FleetState> StateAsync() => Get<FleetReader>().ReadAsync(Ct);

    internal async Task<RolloutView> ViewAsync(ulong version) => (await Get<RolloutReading>().ReadAsync(List, superseded: true, Ct)).Single(one => one.Version == version);

    async Task PublishAsync(Root root) => Assert.Null(await Get<TrustDesk>().PublishRootAsync(Endorsements.Endorse(SigningContext.Root, root, _root), Ct));

    async Task AddAsync(int number, bool own, ByteString pin)
    {
        var certificate = new KeyCertificate
        {
            PublicKey = ByteString.CopyFrom([.. BitConverter.GetBytes(number), .. new byte[28]]),
            Unit = ByteString.CopyFrom(BitConverter.GetBytes(number)),
            Group = ByteString.CopyFrom(BitConverter.GetBytes(number)),
            Role = own ? Role.Control : Role.Agent,
            Cc = own ? "DE" : "KH",
            Asn = own ? 64600u : 64501u + (uint)(number % Isps),
            ExpiresDay = Day.Of(Now) + 40,
        };
        var source = Get<NpgsqlDataSource>();
        await using var connection = await source.OpenConnectionAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await AgentKeys.AddAsync(certificate, connection, transaction, Ct);
        await transaction.CommitAsync(Ct);
        _agents.Add(new(Path.Combine(_home.FullName, $"{number}"), certificate, pin, _clock));
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _root.Dispose();
        Operators.ForEach(key => key.Dispose());
        _home.Delete(recursive: true);
    }

    sealed class SetClock : TimeProvider
    {
        internal DateTimeOffset Now { get; set; } = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
