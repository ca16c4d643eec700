using System.Runtime.Versioning;
using ProbeNet.Lab.Addresses;
using ProbeNet.Lab.Control;
using ProbeNet.Lab.Hosts;
using ProbeNet.Lab.Resolvers;
using ProbeNet.Lab.Topology;
using ProbeNet.Testing;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Field;

/// <summary>The lab's country with the built collector and agents in it; whatever they write lies under one folder.</summary>
[SupportedOSPlatform("linux")]
sealed class InhabitedCountry : IAsyncDisposable
{
    internal const string List = "field";

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("probenet-field-");
    readonly Country _country;
    readonly Dictionary<string, string> _collector;
    int _outputs;

    InhabitedCountry(LabProcess lab, Country country, PostgresProcess? database, RabbitMqProcess? broker, string? store)
    {
        (Lab, _country, Database, Broker, Store) = (lab, country, database, broker, store);
        _collector = new()
        {
            ["HOME"] = Made("operator"),
            ["XDG_CONFIG_HOME"] = Made("operator/config"),
            ["PROBENET_Collector__StateDirectory"] = CollectorState,
            ["PROBENET_Collector__PublicAddresses__0"] = $"https://{AddressPlan.CollectorName}",
            ["PROBENET_Collector__AsnTable"] = Path.Combine(Isolation.Directory, "ip2asn.tsv"),
            ["PROBENET_Collector__Fingerprints"] = Path.Combine(Country.Directory, "fingerprints.csv"),
            ["PROBENET_Collector__Publication__Delay"] = "00:00:00",
            ["PROBENET_Collector__Publication__MinimumUnits"] = "1",
            ["PROBENET_Collector__Analysis__Sustained"] = "00:00:00",
            ["PROBENET_Collector__Tasks__Spread"] = "00:00:00",
            ["PROBENET_Collector__Tasks__PerIspAndHour"] = "1000",
            ["PROBENET_Kestrel__Endpoints__Agents__Url"] = "https://[::]:443",
            ["PROBENET_Kestrel__Endpoints__Web__Url"] = Web,
        };
        if (store is not null)
            _collector["PROBENET_ConnectionStrings__Store"] = store;
        if (broker is not null)
            _collector["PROBENET_ConnectionStrings__Queue"] = broker.ConnectionString;
    }

    /// <summary>Of the pages and the API, for every host of the lab.</summary>
    internal static string Web => $"http://{AddressPlan.Collector.V4}:8080";

    internal LabProcess Lab { get; }

    internal PostgresProcess? Database { get; }

    internal RabbitMqProcess? Broker { get; }

    /// <summary>A connection string; null where the collector has a store of its own.</summary>
    internal string? Store { get; }

    internal string Folder => _folder.FullName;

    internal string CollectorState => Made("collector");

    internal string Logs => Made("logs");

    /// <summary>Where the collector runs: what a crash leaves, it leaves there.</summary>
    internal string Crashes => Made("crashes");

    /// <param name="withDatabase">A PostgreSQL beside the collector; otherwise its embedded default.</param>
    /// <param name="withBroker">A RabbitMQ beside the collector.</param>
    /// <param name="scenario">Of the lab.</param>
    internal static async Task<InhabitedCountry> StartAsync(bool withDatabase, bool withBroker, string scenario = "country")
    {
        var lab = LabProcess.Start(scenario);
        var database = withDatabase ? await PostgresProcess.StartAsync() : null;
        var broker = withBroker ? await RabbitMqProcess.StartAsync() : null;
        var country = new InhabitedCountry(await lab, Country.Load(scenario), database, broker, database is null ? null : await database.CreateDatabaseAsync());
        if (database is not null)
            await country.Lab.Reach("collector", database.Port);
        if (broker is not null)
            await country.Lab.Reach("collector", broker.Port);
        return country;
    }

    /// <summary>Starts `serve` and returns once agents can come.</summary>
    /// <param name="settings">Of the collector and its commands from now on.</param>
    /// <returns>The number of its process in the lab.</returns>
    internal async Task<int> ServeAsync(params (string Name, string Value)[] settings)
    {
        foreach (var (name, value) in settings)
            _collector[name] = value;
        var serve = await Lab.Run("collector", InFolder(Crashes, [BuiltPrograms.Collector, "serve"]), _collector, Path.Combine(Logs, "collector.log"));
        await Eventually.TrueAsync("the collector answers", async () => await TryRunAsync("collector", ["curl", "-sf", "-o", "/dev/null", Web + "/"], new Dictionary<string, string>()) is (0, _), TimeSpan.FromMinutes(2));
        return serve;
    }

    /// <param name="inputs">Of the scenario's; all of them where none is named.</param>
    internal async Task ReleaseListAsync(params string[] inputs)
    {
        await CollectAsync(["list", "import", SitesFile(inputs), "--name", List, "--cc", _country.Cc, .. Surroundings()]);
        await CollectAsync("list", "release", List);
    }

    /// <summary>A list's file with some of the scenario's inputs; all of them where none is named.</summary>
    internal string SitesFile(params string[] inputs)
    {
        var sites = File.ReadAllLines(Path.Combine(Country.Directory, _country.Sites));
        return Written("sites.csv", sites.Where((line, number) => number == 0 || inputs.Length == 0 || inputs.Contains(line.Split(',')[0], StringComparer.Ordinal)));
    }

    /// <summary>What `list import` is told of the lab in place of the world's references, resolvers and non-resolver.</summary>
    internal string[] Surroundings() =>
    [
        "--references", Written("references.txt", _country.References[..3]), "--resolvers", Written("resolvers.txt", [$"lab-udp udp://{AddressPlan.PublicResolver.V4}"]),
        "--non-resolvers", Written("non-resolvers.txt", [$"{new AddressPlan(_country).NonResolver}"]), "--whoami", Written("whoami.txt", [Authority.WhoAsks]),
    ];

    /// <summary>Runs one of the collector's commands beside it; what it says.</summary>
    internal Task<string> CollectAsync(params string[] arguments) => CollectAsync(new Dictionary<string, string>(), arguments);

    /// <inheritdoc cref="CollectAsync(string[])"/>
    /// <param name="settings">In place of the collector's own.</param>
    internal Task<string> CollectAsync(Dictionary<string, string> settings, params string[] arguments)
    {
        var all = new Dictionary<string, string>(_collector);
        foreach (var (name, value) in settings)
            all[name] = value;
        return RunAsync("collector", [BuiltPrograms.Collector, .. arguments], all);
    }

    internal Task<(int Exit, string Output)> TryCollectAsync(params string[] arguments) =>
        TryRunAsync("collector", [BuiltPrograms.Collector, .. arguments], _collector);

    /// <summary>Where agents run.</summary>
    internal IEnumerable<string> Homes() => Directory.EnumerateDirectories(Folder, "home-*");

    /// <summary>An invite; options as `invite create` takes them.</summary>
    internal async Task<string> InviteAsync(params string[] options) => (await CollectAsync(["invite", "create", .. options])).TrimEnd().Split('\n')[^1].Trim();

    /// <summary>Runs a program on a host to its end.</summary>
    internal async Task<string> RunAsync(string host, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment)
    {
        var (exit, output) = await TryRunAsync(host, command, environment);
        Assert.True(exit == 0, $"{host}: {string.Join(' ', command)}: {output}");
        return output;
    }

    internal async Task<(int Exit, string Output)> TryRunAsync(string host, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> environment)
    {
        // Not under the folder that is searched: what a person reads on a screen is no trace.
        var output = Path.Combine(Path.GetTempPath(), $"{_folder.Name}-{Interlocked.Increment(ref _outputs)}");
        try
        {
            var exit = await Lab.Wait(await Lab.Run(host, command, environment, output));
            return (exit, await File.ReadAllTextAsync(output));
        }
        finally
        {
            File.Delete(output);
        }
    }

    /// <summary>A command as somebody runs it who lets crashes leave what they like where it runs.</summary>
    internal static string[] InFolder(string folder, IEnumerable<string> command) =>
        ["sh", "-c", "ulimit -c unlimited; cd \"$0\" && exec \"$@\"", folder, .. command];

    internal string Made(string name) => Directory.CreateDirectory(Path.Combine(Folder, name)).FullName;

    public async ValueTask DisposeAsync()
    {
        await Lab.DisposeAsync();
        if (Broker is not null)
            await Broker.DisposeAsync();
        if (Database is not null)
            await Database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    string Written(string name, IEnumerable<string> lines)
    {
        var file = Path.Combine(Folder, name);
        File.WriteAllLines(file, lines);
        return file;
    }
}
