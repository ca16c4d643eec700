using System.Runtime.Versioning;
using System.Text.Json;
using Npgsql;
using ProbeNet.EndToEnd.Tests.Field;
using ProbeNet.Lab.Addresses;
using ProbeNet.Testing;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Routes;

/// <summary>
/// A country in which measurements take every way to the collector: Delta cuts it off, and its three volunteers deliver from
/// Carol, through a proxy at Carol, and by hand; at Bravo one house changes its gateway five times; at Alfa two volunteers of
/// one group look at what is blocked there, until the one who left Delta comes and looks as well.
/// </summary>
[SupportedOSPlatform("linux")]
public sealed class Journeys : IAsyncLifetime
{
    internal const string BlockedAtAlfa = "landrightswatch.example", BlockedAtBravo = "lotusvoice.example", BlockedAtDelta = "mekongledger.example";
    internal const long Alfa = 64501, Bravo = 64502, Carol = 64503, Delta = 64504;
    internal const int GatewayChanges = 5;

    const int ProxyPort = 1080;
    const int Unplugged = 9;

    static readonly TimeSpan Long = TimeSpan.FromMinutes(4);

    readonly HashSet<string> _statesOfOneGroup = [];

    // Known when the machine's plug was pulled there.
    readonly Dictionary<FieldAgent, long> _producedAtDelta = [];
    NpgsqlDataSource? _store;
    string _key = "";

    internal InhabitedCountry Country { get; private set; } = null!;

    internal NpgsqlDataSource Store => _store!;

    /// <summary>Was at Delta, at Carol and at Alfa.</summary>
    internal FieldAgent Moved { get; private set; } = null!;

    /// <summary>Has stayed at Bravo, behind six gateways.</summary>
    internal FieldAgent Rewired { get; private set; } = null!;

    /// <summary>Measured at Delta by all three, counted on their machines.</summary>
    internal long ProducedAtDelta { get; private set; }

    /// <summary>Of it, what waited on each machine once the collector was cut off.</summary>
    internal long MovedWaiting { get; private set; }

    internal long ProxiedWaiting { get; private set; }

    internal long CarriedWaiting { get; private set; }

    internal string ImportedAgain { get; private set; } = "";

    /// <summary>Whether the proxied volunteer's house can itself reach the collector after the cut.</summary>
    internal bool CollectorInReach { get; private set; }

    /// <summary>What the proxy says it did.</summary>
    internal string ProxyLog { get; private set; } = "";

    internal JsonElement DeltaCell { get; private set; }

    internal JsonElement BravoCell { get; private set; }

    /// <summary>Every state that Alfa's cell had while only one group looked.</summary>
    internal IReadOnlyCollection<string> StatesOfOneGroup => _statesOfOneGroup;

    internal JsonElement OneGroup { get; private set; }

    internal JsonElement TwoGroups { get; private set; }

    public async ValueTask InitializeAsync()
    {
        Country = await InhabitedCountry.StartAsync(withDatabase: true, withBroker: false);
        _store = NpgsqlDataSource.Create(Country.Store!);
        await Country.ServeAsync();
        await Country.ReleaseListAsync($"https://{BlockedAtAlfa}/", $"https://{BlockedAtBravo}/", $"https://{BlockedAtDelta}/", "https://forestdefenders.example/");
        _key = (await Country.CollectAsync("keys", "create", "--role", "analyst", "--name", "an analyst")).TrimEnd().Split('\n')[^1].Trim();
        var press = await Country.InviteAsync("--uses", "2", "--cc", "KH", "--group", "press");
        var others = await Country.InviteAsync("--uses", "4", "--cc", "KH");
        var controls = await Country.InviteAsync("--role", "control", "--uses", "2");
        var (first, second) = (new FieldAgent(Country, "first"), new FieldAgent(Country, "second"));
        var (moved, proxied, carried) = (new FieldAgent(Country, "moved"), new FieldAgent(Country, "proxied"), new FieldAgent(Country, "carried"));
        (Moved, Rewired) = (moved, new(Country, "rewired"));
        (FieldAgent Agent, string Host, string Invite)[] all =
        [
            (new(Country, "north"), "control-1", controls), (new(Country, "west"), "control-2", controls), (first, "alfa-1", press), (second, "alfa-2", press),
            (moved, "delta-1", others), (proxied, "delta-2", others), (carried, "delta-3", others), (Rewired, "bravo-1", others),
        ];
        await Task.WhenAll(all.Select(each => each.Agent.EnrollAsync(each.Host, each.Invite)));
        var running = await Task.WhenAll(all.Select(async each => (each.Agent, Process: await each.Agent.RunAsync(each.Host))));
        var rewiring = RewireAsync();
        await MeasureCutOffAsync(running, moved, proxied, carried);
        await DeliverByProxyAsync(proxied);
        await DeliverByHandAsync(carried);
        var moving = await moved.RunAsync("carol-1");
        await moved.UntilAsync("delivered what was measured at Delta, and measured at Carol", status => status.Tally.Accepted >= _producedAtDelta[moved] + 4);
        await Country.Lab.Stop(moving);
        await rewiring;
        ProducedAtDelta = _producedAtDelta[moved] + proxied.Status().Produced + carried.Status().Produced;
        await Eventually.TrueAsync("everything that was measured at Delta is counted", () => AskAsync<bool>(
            $"""
            select (select count(*) from measurement where asn = {Delta}) = {ProducedAtDelta}
                and (select count(*) from measurement where asn = {Delta} and target = '{BlockedAtDelta}')
                    = (select coalesce(sum(n + discarded_runs), 0) from unit_day where asn = {Delta} and target = '{BlockedAtDelta}')
            """), Long);
        DeltaCell = await CellAsync(BlockedAtDelta, Delta, cell => Count(cell, "units") == 3);
        BravoCell = await CellAsync(BlockedAtBravo, Bravo, cell => Count(cell, "runs") >= 6);
        OneGroup = await CellAsync(BlockedAtAlfa, Alfa, OneGroupJudged);
        await moved.RunAsync("alfa-3");
        TwoGroups = await CellAsync(BlockedAtAlfa, Alfa, cell => Count(cell, "groups") == 2 && State(cell) == "blocked");
    }

    public async ValueTask DisposeAsync()
    {
        if (_store is not null)
            await _store.DisposeAsync();
        if (Country is not null)
            await Country.DisposeAsync();
    }

    internal static string State(JsonElement cell) => cell.GetProperty("state").GetString()!;

    internal static long Count(JsonElement cell, string name) => cell.GetProperty(name).GetInt64();

    internal async Task<T> AskAsync<T>(string query)
    {
        await using var command = Store.CreateCommand(query);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    async Task MeasureCutOffAsync((FieldAgent Agent, int Process)[] running, params FieldAgent[] agents)
    {
        foreach (var agent in agents)
            await agent.UntilAsync("has its list", status => status.Tally.Accepted > 0);
        await OnAsync("delta-core", "ip", "route", "add", "unreachable", $"{AddressPlan.Collector.V4}/32");
        foreach (var agent in agents)
            await agent.UntilAsync("measures while the collector is out of reach", status => status.Waiting >= 4);
        foreach (var agent in agents)
        {
            await Country.Lab.Stop(running.Single(each => each.Agent == agent).Process, Unplugged);
            _producedAtDelta[agent] = agent.Status().Produced;
        }
        (MovedWaiting, ProxiedWaiting, CarriedWaiting) = (agents[0].Status().Waiting, agents[1].Status().Waiting, agents[2].Status().Waiting);
    }

    /// <summary>The house gets another router address five times, under the running agent.</summary>
    async Task RewireAsync()
    {
        await KeysAtBravoAsync(1);
        for (var change = 1; change <= GatewayChanges; change++)
        {
            var gateway = $"192.168.11.{100 + change}";
            await OnAsync("bravo-1-router", "ip", "address", "add", gateway + "/24", "dev", "bravo-1");
            await OnAsync("bravo-1", "ip", "route", "replace", "default", "via", gateway);
            await KeysAtBravoAsync(1 + change);
        }
    }

    Task KeysAtBravoAsync(int count) => Eventually.TrueAsync(
        $"{count} keys have delivered from Bravo",
        async () => await AskAsync<long>($"select count(distinct key_id) from batch join measurement on batch = seal_hash where asn = {Bravo}") >= count, Long);

    async Task DeliverByProxyAsync(FieldAgent agent)
    {
        var proxy = new AddressPlan(ProbeNet.Lab.Topology.Country.Load("country")).Resolver((int)(Carol - Alfa) + 1).V4;
        CollectorInReach = await Country.TryRunAsync("delta-2", ["curl", "-sk", "-m", "5", $"https://{AddressPlan.CollectorName}/"], new Dictionary<string, string>()) is (0, _);
        // It is the proxy that asks for the collector's address: of Carol's resolver, which stands beside it.
        var resolver = Path.Combine(Country.Made("proxy"), "resolv.conf");
        await File.WriteAllTextAsync(resolver, $"nameserver {proxy}\n");
        var log = Path.Combine(Country.Logs, "proxy.log");
        var server = await Country.Lab.Run("carol-svc", ["sh", "-c", "mount --bind \"$0\" /etc/resolv.conf && exec \"$@\"", resolver, "microsocks", "-i", $"{proxy}", "-p", $"{ProxyPort}"], output: log);
        // Nothing more is measured: what is delivered was measured before.
        await agent.CommandAsync("delta-2", "pause");
        var process = await agent.RunAsync("delta-2", ("PROBENET_Agent__Upload__Proxy", $"socks5://{proxy}:{ProxyPort}"));
        await agent.UntilAsync("delivered through the proxy", status => status.Waiting == 0);
        await Country.Lab.Stop(process);
        await Country.Lab.Stop(server);
        ProxyLog = await File.ReadAllTextAsync(log);
    }

    async Task DeliverByHandAsync(FieldAgent agent)
    {
        var file = Path.Combine(Country.Made("carried"), "measurements");
        await agent.CommandAsync("delta-3", "spool", "export", file);
        await Country.CollectAsync("import", file);
        ImportedAgain = await Country.CollectAsync("import", file);
    }

    bool OneGroupJudged(JsonElement cell)
    {
        if (Count(cell, "groups") == 1)
            _statesOfOneGroup.Add(State(cell));
        return Count(cell, "units") == 2 && Count(cell, "interference_runs") >= 8 && State(cell) != "insufficient";
    }

    /// <summary>The cell, once it is as awaited.</summary>
    async Task<JsonElement> CellAsync(string domain, long asn, Func<JsonElement, bool> isAwaited)
    {
        var answer = "";
        try
        {
            JsonElement cell = default;
            await Eventually.TrueAsync($"{domain} at {asn}", async () =>
            {
                (_, answer) = await Country.TryRunAsync("reader", ["curl", "-s", "-H", $"Authorization: Bearer {_key}", $"{InhabitedCountry.Web}/api/v1/cells/KH/{domain}/{asn}"], new Dictionary<string, string>());
                return answer.StartsWith('{') && JsonDocument.Parse(answer).RootElement.TryGetProperty("cell", out cell) && isAwaited(cell);
            }, Long);
            return cell;
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"{late.Message}: {answer}", late);
        }
    }

    Task<string> OnAsync(string host, params string[] command) => Country.RunAsync(host, command, new Dictionary<string, string>());
}
