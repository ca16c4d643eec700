using Google.Protobuf;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ProbeNet.Collector.Fleet;
using ProbeNet.Collector.Fleet.Keys;
using ProbeNet.Collector.Fleet.Lists;
using ProbeNet.Collector.Fleet.Trust;
using ProbeNet.Collector.Rollout;
using ProbeNet.Collector.Rollout.Stages;
using ProbeNet.Collector.Tests.Store;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Collector.Tests.Rollout;

/// <summary>An operator, a store with a fleet in it, and the worker that takes releases on. Agents report what the test says.</summary>
sealed class RolloutGround : IAsyncDisposable
{
    public const string List = "kh";

    readonly TestStore _store;
    readonly bool _ownsStore;
    readonly ServiceProvider _services;
    readonly List<AgentTraits> _agents = [];

    RolloutGround(TestStore store, bool ownsStore, ServiceProvider services) => (_store, _ownsStore, _services) = (store, ownsStore, services);

    public SigningKey RootKey { get; } = SigningKey.Create();

    public SigningKey ListKey { get; } = SigningKey.Create();

    public IReadOnlyList<AgentTraits> Agents => _agents;

    public TestStore Store => _store;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <param name="volunteers">Spread over four providers.</param>
    /// <param name="shared">Somebody else's store; null for one of its own.</param>
    public static async Task<RolloutGround> StartAsync(int volunteers, RolloutRules? rules = null, TestStore? shared = null)
    {
        var store = shared ?? await TestStore.OnPostgresAsync();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()).AddSingleton(store.Source).AddSingleton<TimeProvider>(store.Clock).AddLogging(logging => logging.ClearProviders());
        services.AddFleet().AddFleetRefresh().AddRollouts().AddRolloutWorker();
        services.AddSingleton(rules ?? new());
        services.AddSingleton<RolloutWorker>();
        var ground = new RolloutGround(store, shared is null, services.BuildServiceProvider());
        await ground.PublishRootAsync(RootDraft.First(
            ground.RootKey.PublicKey.Bytes, ground.ListKey.PublicKey.Bytes, (await ground.Get<CollectorKeyStore>().EnsureAsync(Ct)).Online.PublicKey.Bytes, store.Clock.GetUtcNow()));
        for (var n = 0; n < volunteers + 2; n++)
            await ground.AddAgentAsync(n, own: n >= volunteers);
        return ground;
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public async Task PublishRootAsync(Root root) =>
        Assert.Null(await Get<TrustDesk>().PublishRootAsync(Endorsements.Endorse(SigningContext.Root, root, RootKey), Ct));

    public static ListDraft Draft(params string[] inputs)
    {
        var list = new TestList { Name = List };
        list.Entries.AddRange(inputs.Select(input => new ListEntry { Input = input, CategoryCode = "NEWS" }));
        return new(list, new());
    }

    public Task<ReleaseOutcome> ReleaseAsync(ListDraft draft, ReleaseTerms? terms = null, SigningKey? key = null) =>
        Get<ListReleases>().ReleaseAsync(draft, terms ?? ReleaseTerms.Everybody, key ?? ListKey, Ct);

    /// <summary>The agents say what they have; those that were not named go on as they were.</summary>
    public async Task ReportAsync(IEnumerable<AgentTraits> agents, ulong version, string refusal = "", double milliseconds = 1000)
    {
        foreach (var agent in agents)
        {
            var refused = refusal.Length > 0 ? new RefusedOffer(List, version, refusal) : new RefusedOffer("", 0, "");
            var has = refusal.Length > 0 ? version - 1 : version;
            Get<AgentReports>().Note(agent.KeyId, new("1.0", List, has, 0, 0, 0, true, refused, new(10, (ulong)(10 * milliseconds), 100_000, 10, 0)));
        }
        await Get<AgentReports>().FlushAsync(Ct);
    }

    /// <summary>Time passes while everybody goes on saying what they have, and the worker looks.</summary>
    /// <param name="has">Version by agent.</param>
    public async Task LookAfterAsync(TimeSpan time, Func<AgentTraits, ulong> has)
    {
        _store.Clock.Advance(time);
        foreach (var version in Agents.GroupBy(has))
            await ReportAsync(version, version.Key);
        await Get<RolloutWorker>().LookAsync(Ct);
    }

    public async Task<RolloutView> ViewAsync(ulong version) => (await Get<RolloutReading>().ReadAsync(List, superseded: true, Ct)).Single(one => one.Version == version);

    /// <summary>Who would be offered the version by any intake.</summary>
    public async Task<List<AgentTraits>> OfferedAsync(ulong version)
    {
        var state = await Get<FleetReader>().ReadAsync(Ct);
        var today = Day.ToDate(Day.Of(_store.Clock.GetUtcNow()));
        return [.. Agents.Where(agent => state.ListFor(agent, today) is { } release && release.Version == version)];
    }

    async Task AddAgentAsync(int number, bool own)
    {
        var certificate = new KeyCertificate
        {
            PublicKey = ByteString.CopyFrom(BitConverter.GetBytes(number).Concat(new byte[28]).ToArray()),
            Unit = ByteString.CopyFrom(BitConverter.GetBytes(number)),
            Group = ByteString.CopyFrom(BitConverter.GetBytes(number)),
            Role = own ? Role.Control : Role.Agent,
            Cc = own ? "DE" : "KH",
            Asn = own ? 64600u : 64500u + (uint)(number % 4),
            ExpiresDay = Day.Of(_store.Clock.GetUtcNow()) + 40,
        };
        await using var connection = await _store.Source.OpenConnectionAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await AgentKeys.AddAsync(certificate, connection, transaction, Ct);
        await transaction.CommitAsync(Ct);
        _agents.Add(new(ByteString.CopyFrom(KeyId.Of(certificate.PublicKey.Span)), own, certificate.Cc, certificate.Asn, certificate.Group, "1.0"));
    }

    public async ValueTask DisposeAsync()
    {
        RootKey.Dispose();
        ListKey.Dispose();
        await _services.DisposeAsync();
        if (_ownsStore)
            await _store.DisposeAsync();
    }
}
