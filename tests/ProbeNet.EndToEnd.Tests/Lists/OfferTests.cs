using System.Security.Cryptography;
using Google.Protobuf;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.TestLists;
using ProbeNet.Collector.Fleet;
using ProbeNet.Collector.Fleet.Keys;
using ProbeNet.Collector.Fleet.Lists;
using ProbeNet.Collector.Fleet.Trust;
using ProbeNet.Collector.Rollout.Stages;
using ProbeNet.Collector.Store;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;
using ProbeNet.Testing;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.EndToEnd.Tests.Lists;

/// <summary>What the collector's side signs and composes, against what the agent's side takes.</summary>
public sealed class OfferTests : IAsyncLifetime
{
    readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("probenet-offers-");
    readonly SigningKey _root = SigningKey.Create();
    readonly OfferSession _session = new(ByteString.CopyFrom(RandomNumberGenerator.GetBytes(32)), ByteString.CopyFrom(RandomNumberGenerator.GetBytes(32)), "KH", 64501);

    SigningKey _releases = SigningKey.Create();
    ServiceProvider _collector = null!;
    TestListStore _agent = null!;

    static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var source = NpgsqlDataSource.Create(await (await PostgresProcess.SharedAsync()).CreateDatabaseAsync());
        await new Migrator(source).ApplyAsync(Ct);
        _collector = new ServiceCollection().AddSingleton<IConfiguration>(new ConfigurationBuilder().Build()).AddSingleton(TimeProvider.System).AddSingleton(source)
            .AddFleet().BuildServiceProvider();
        await PublishAsync(RootDraft.First(_root.PublicKey.Bytes, _releases.PublicKey.Bytes, (await KeysAsync()).Online.PublicKey.Bytes, TimeProvider.System.GetUtcNow()));
        var directory = new StateDirectory(_home.FullName);
        var key = StateKey.OpenOrCreate(directory);
        var enrollment = new StateFile<Enrollment>(directory, key, "enrollment", Enrollment.Parser);
        enrollment.Save(new() { Root = (await TrustAsync()).RootHash });
        _agent = new(directory, key, enrollment, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _collector.DisposeAsync();
        _root.Dispose();
        _releases.Dispose();
        _home.Delete(recursive: true);
    }

    [Fact]
    public async Task Releases_rotated_keys_a_stop_and_a_revert_arrive()
    {
        await ReleaseAsync("https://a.example/", ReleaseTerms.Everybody);
        Assert.Null(await OfferAsync());
        Assert.Equal(1ul, _agent.Current!.Version);

        // Both keys that may be stolen are replaced; the agent follows without joining anew.
        await _collector.GetRequiredService<CollectorKeyStore>().RotateAsync(CollectorKeyKind.Online, Ct);
        _releases = SigningKey.Create();
        var root = (await TrustAsync()).Root.Clone();
        root.Version++;
        root.Releases = RootDraft.RoleOf(1, _releases.PublicKey.Bytes);
        root.Online = RootDraft.RoleOf(1, (await KeysAsync()).Online.PublicKey.Bytes);
        await PublishAsync(root);
        await ReleaseAsync("https://b.example/", ReleaseTerms.Everybody with { Emergency = true });
        Assert.Null(await OfferAsync());
        Assert.Equal((2ul, 2ul), (_agent.RootVersion, _agent.Current!.Version));

        await _collector.GetRequiredService<TrustDesk>().StopAsync(new() { Cc = { "KH" }, Reason = "a drill" }, (await KeysAsync()).Online, Ct);
        Assert.Null(await OfferAsync());
        Assert.True(_agent.Standstill.Holds(TimeProvider.System.GetUtcNow(), ["KH"], []));
        await _collector.GetRequiredService<TrustDesk>().StopAsync(new(), (await KeysAsync()).Online, Ct);

        var former = await _collector.GetRequiredService<ListReleases>().FindAsync("kh", 1, Ct);
        await _collector.GetRequiredService<ListReleases>().ReleaseAsync(former!, ReleaseTerms.Everybody with { Emergency = true, Reverts = 2 }, _releases, Ct);
        Assert.Null(await OfferAsync());
        Assert.Equal((3ul, "https://a.example/"), (_agent.Current!.Version, Assert.Single(_agent.Current.List.Entries).Input));
        Assert.False(_agent.Standstill.Holds(TimeProvider.System.GetUtcNow(), ["KH"], []));
    }

    async Task<string?> OfferAsync()
    {
        var fleet = await _collector.GetRequiredService<FleetReader>().ReadAsync(Ct);
        var traits = new AgentTraits(ByteString.CopyFrom(KeyId.Of(_session.PublicKey.Span)), false, "KH", 64501, ByteString.Empty, "1.0");
        var release = fleet.ListFor(traits, Day.ToDate(Day.Of(TimeProvider.System.GetUtcNow())));
        return _agent.Offer(fleet.Trust!.Offer(fleet.Keys.Online, _session.Nonce, _session.PublicKey, _agent.RootVersion, release, withContent: true), _session, out _);
    }

    Task<ReleaseOutcome> ReleaseAsync(string input, ReleaseTerms terms) => _collector.GetRequiredService<ListReleases>().ReleaseAsync(
        new(new() { Name = "kh", Entries = { new ListEntry { Input = input, CategoryCode = "NEWS" } } }, new()), terms, _releases, Ct);

    async Task PublishAsync(Root root) => Assert.Null(await _collector.GetRequiredService<TrustDesk>().PublishRootAsync(Endorsements.Endorse(SigningContext.Root, root, _root), Ct));

    async Task<FleetTrust> TrustAsync() => (await _collector.GetRequiredService<TrustTable>().ReadAsync(Ct))!;

    Task<CollectorKeys> KeysAsync() => _collector.GetRequiredService<CollectorKeyStore>().EnsureAsync(Ct);
}
