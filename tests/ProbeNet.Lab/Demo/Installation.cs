using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ProbeNet.Lab.Addresses;
using ProbeNet.Lab.Hosts;
using ProbeNet.Lab.Resolvers;

namespace ProbeNet.Lab.Demo;

/// <summary>The collector as its operator runs it, on the lab's host of that name.</summary>
sealed class Installation(Laboratory lab, string program, string logs)
{
    const string Host = "collector";

    static readonly IPEndPoint Web = new(IPAddress.Loopback, 8080);

    readonly Dictionary<string, string> _settings = new()
    {
        ["HOME"] = Directory("operator"),
        ["XDG_CONFIG_HOME"] = Directory("operator/config"),
        ["PROBENET_Collector__StateDirectory"] = Directory("collector"),
        ["PROBENET_Collector__PublicAddresses__0"] = $"https://{AddressPlan.CollectorName}",
        ["PROBENET_Collector__AsnTable"] = Laboratory.AsnTable,
        ["PROBENET_Collector__Fingerprints"] = Path.Combine(Topology.Country.Directory, "fingerprints.csv"),
        ["PROBENET_Collector__Publication__Delay"] = "00:00:00",
        ["PROBENET_Collector__Analysis__Sustained"] = "00:00:00",
        ["PROBENET_Collector__Tasks__Spread"] = "00:00:00",
        ["PROBENET_Collector__Tasks__PerIspAndHour"] = "1000",
        ["PROBENET_Collector__Web__Banner"] = "Everything on this page is invented: a laboratory's country, its providers, its sites and their blocking.",
        ["PROBENET_Kestrel__Endpoints__Agents__Url"] = "https://[::]:443",
        ["PROBENET_Kestrel__Endpoints__Web__Url"] = $"http://{Web}",
    };

    public Host Machine => lab.Network[Host];

    public string Log { get; } = Path.Combine(logs, "collector.log");

    /// <summary>Starts `serve` and returns when it answers.</summary>
    public async Task<Process> Serve(CancellationToken cancel)
    {
        var process = ProgramOnHost.Start(Machine, [program, "serve"], _settings, Log);
        using var client = Client();
        while (!await Ready(client, cancel))
        {
            if (process.HasExited)
                throw new DemoFailure($"probenet-collector serve ended: {await File.ReadAllTextAsync(Log, cancel)}");
            await Task.Delay(200, cancel);
        }
        return process;
    }

    /// <summary>Runs one of the collector's commands; its standard output.</summary>
    public Task<string> Command(params string[] arguments) => FinishedProgram.Output(Machine, [program, .. arguments], _settings);

    /// <summary>Imports and signs a list of pages of the country's own, with its references, resolvers, non-resolver and who-am-I name.</summary>
    /// <param name="pages">Inputs of the country's file.</param>
    public async Task ReleaseList(string name, IReadOnlyCollection<string> pages)
    {
        var country = lab.Country;
        var lines = File.ReadAllLines(Path.Combine(Topology.Country.Directory, country.Sites)).Where((line, number) => number == 0 || pages.Contains(line.Split(',')[0]));
        await Command(
            "list", "import", Written("sites.csv", lines), "--name", name, "--cc", country.Cc,
            "--attribution", "Invented for a laboratory", "--licence", "CC0-1.0",
            "--references", Written("references.txt", country.References),
            "--resolvers", Written("resolvers.txt", [$"lab-udp udp://{AddressPlan.PublicResolver.V4}", $"lab-https https://{AddressPlan.ResolverName}/dns-query#{AddressPlan.PublicResolver.V4}"]),
            "--non-resolvers", Written("non-resolvers.txt", [$"{lab.Plan.NonResolver}"]), "--whoami", Written("whoami.txt", [Authority.WhoAsks]));
        await Command("list", "release", name);
    }

    /// <summary>An invite; options as `invite create` takes them.</summary>
    public async Task<string> Invite(params string[] options) => (await Command(["invite", "create", .. options])).TrimEnd().Split('\n')[^1].Trim();

    /// <summary>Speaks to the web listener from inside.</summary>
    public HttpClient Client() => new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (_, cancel) =>
        {
            var socket = Machine.Tcp();
            await socket.ConnectAsync(Web, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    { BaseAddress = new Uri($"http://{Web}") };

    /// <summary>Without a wish, a port that is the same every time if it is free.</summary>
    public HostForward Forward(int? wish)
    {
        const int usual = 8088;
        try
        {
            return new HostForward(Machine, Web, wish ?? usual);
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return wish is null ? new HostForward(Machine, Web, 0) : throw new DemoFailure($"port {wish} is in use");
        }
    }

    static async Task<bool> Ready(HttpClient client, CancellationToken cancel)
    {
        try
        {
            // It listens once its store is open.
            using var answer = await client.GetAsync("/", cancel);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    static string Written(string name, IEnumerable<string> lines)
    {
        var file = Path.Combine(Isolation.Directory, name);
        File.WriteAllLines(file, lines);
        return file;
    }

    static string Directory(string name) => System.IO.Directory.CreateDirectory(Path.Combine(Isolation.Directory, name)).FullName;
}
