using System.Globalization;
using ProbeNet.Lab.Control;

namespace ProbeNet.Benchmarks;

/// <summary>The built collector on the lab's host of that name, on its embedded default.</summary>
sealed class LabCollector(LabProcess lab, string home)
{
    const string Host = "collector";

    readonly Dictionary<string, string> _settings = new()
    {
        ["HOME"] = home,
        ["XDG_CONFIG_HOME"] = Path.Combine(home, "operator"),
        ["PROBENET_Collector__StateDirectory"] = Path.Combine(home, "c"),
        ["PROBENET_Collector__PublicAddresses__0"] = "https://collector.example",
        ["PROBENET_Kestrel__Endpoints__Agents__Url"] = "https://[::]:443",
        ["PROBENET_Kestrel__Endpoints__Web__Url"] = "http://127.0.0.1:8080",
    };

    static string Program => Path.Combine(AppContext.BaseDirectory, "probenet-collector");

    static string Scenarios => Path.Combine(AppContext.BaseDirectory, "Scenarios");

    public string State => Path.Combine(home, "c");

    /// <returns>Its number in the lab, once it listens.</returns>
    public async Task<int> ServeAsync(CancellationToken ct)
    {
        var log = Path.Combine(home, "serve.log");
        var process = await lab.Run(Host, [Program, "serve", "--roles", "intake,writer"], _settings, log);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(ct);
        deadline.CancelAfter(TimeSpan.FromMinutes(3));
        while (!File.Exists(log) || !(await File.ReadAllTextAsync(log, deadline.Token)).Contains("Listening", StringComparison.Ordinal))
            await Task.Delay(200, deadline.Token);
        return process;
    }

    /// <summary>Releases the list and invites as many.</summary>
    public async Task<string> InviteAsync(int uses, CancellationToken ct)
    {
        var references = Path.Combine(home, "references.txt");
        await File.WriteAllLinesAsync(references, ["weatherdesk", "openatlas", "songcatalogue", "chessclub", "cookbook", "birdguide"], ct);
        await File.WriteAllLinesAsync(references, (await File.ReadAllLinesAsync(references, ct)).Select(name => $"https://{name}.example/"), ct);
        var resolvers = Path.Combine(home, "resolvers.txt");
        await File.WriteAllLinesAsync(resolvers, ["lab-udp udp://11.208.8.8", "lab-https https://dns.example/dns-query#11.208.8.8"], ct);
        await SayAsync(ct, "list", "import", Path.Combine(Scenarios, "benchmark.csv"), "--name", "benchmark", "--cc", "KH",
            "--attribution", "Invented for a laboratory", "--licence", "CC0-1.0", "--references", references, "--resolvers", resolvers);
        await SayAsync(ct, "list", "release", "benchmark");
        return (await SayAsync(ct, "invite", "create", "--uses", uses.ToString(CultureInfo.InvariantCulture), "--cc", "KH")).Trim().Split('\n')[^1];
    }

    async Task<string> SayAsync(CancellationToken ct, params string[] arguments) => await Finished.OutputAsync(lab, Host, [Program, .. arguments], _settings, home, ct);
}

/// <summary>The built agent on one of the lab's hosts, hurried.</summary>
sealed class LabAgent(LabProcess lab, string host, string home)
{
    readonly Dictionary<string, string> _settings = new()
    {
        ["HOME"] = home,
        ["PROBENET_Agent__StateDirectory"] = Path.Combine(home, host),
        ["PROBENET_Agent__Session__Mode"] = "standing",
        ["PROBENET_Agent__Upload__Delay"] = "00:00:00",
        ["PROBENET_Agent__Schedule__Interval"] = "00:00:20",
        ["PROBENET_Agent__Schedule__OtherInterval"] = "00:00:20",
        ["PROBENET_Agent__Schedule__Share"] = "1",
        ["PROBENET_Agent__Schedule__Rate"] = "120",
        ["PROBENET_Agent__Schedule__Concurrency"] = "64",
        ["PROBENET_Agent__Schedule__Jitter"] = "0",
        ["PROBENET_Agent__Probes__ResidualWait"] = "00:00:01",
    };

    static string Program => Path.Combine(AppContext.BaseDirectory, "probenet-agent");

    public Task EnrolAsync(string invite, CancellationToken ct) => Finished.OutputAsync(lab, host, [Program, "enroll", invite, "--accept-risks"], _settings, home, ct);

    public Task<int> RunAsync() => lab.Run(host, [Program, "run"], _settings, Path.Combine(home, host + ".log"));
}

static class Finished
{
    /// <exception cref="InvalidOperationException">The program failed; the message is what it said.</exception>
    public static async Task<string> OutputAsync(
        LabProcess lab, string host, IReadOnlyList<string> command, IReadOnlyDictionary<string, string> settings, string home, CancellationToken ct)
    {
        var output = Path.Combine(home, $"{host}.out");
        var exit = await lab.Wait(await lab.Run(host, command, settings, output));
        var said = await File.ReadAllTextAsync(output, ct);
        return exit == 0 ? said : throw new InvalidOperationException($"{Path.GetFileName(command[0])} {command[1]}: {said}");
    }
}
