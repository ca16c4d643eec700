using System.Diagnostics;
using System.Net;
using System.Runtime.Versioning;
using System.Text.Json;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Testing;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Lab;

/// <summary>An operator's first day: deploy/start on the embedded default, a command beside it, its end, and the next start.</summary>
[Collection(nameof(BuiltByDeploy))]
[SupportedOSPlatform("linux")]
public sealed class StartTests : IDisposable
{
    const string Address = "https://collector.example.org";

    readonly DirectoryInfo _home = Directory.CreateTempSubdirectory("probenet-start-");
    readonly int _web = FreePort.Next();
    readonly int _agents = FreePort.Next();
    readonly List<Process> _started = [];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        foreach (var process in _started)
        {
            process.Kill(entireProcessTree: true);
            process.Dispose();
        }
        _home.Delete(recursive: true);
    }

    [Fact]
    public async Task It_starts_with_a_list_and_invites_and_again_without_an_option_and_leaves_no_process()
    {
        var built = await Shell.Run("deploy/programs", "collector");
        Assert.True(built.Exit == 0, built.Output);
        await File.WriteAllTextAsync(Path.Combine(_home.FullName, "sites.csv"), "url,category_code\nhttps://a.example/,NEWS\nhttps://b.example/,HUMR\n", Cancel);
        await File.WriteAllTextAsync(Path.Combine(_home.FullName, "table.tsv"), "198.51.100.0\t198.51.100.255\t64501\tKH\tAlfa\n", Cancel);

        var (first, said) = await StartAsync("--address", Address, "--cc", "KH", "--list", "sites.csv", "--asn-table", "table.tsv", "--licence", "CC0-1.0");
        var invites = said.Where(line => line.StartsWith("volunteer ", StringComparison.Ordinal) || line.StartsWith("control ", StringComparison.Ordinal)).ToList();
        Assert.Equal(5, invites.Count);
        Assert.All(invites, line =>
        {
            Assert.True(InviteText.TryRead(line.Split(": ")[1], out var invite), line);
            Assert.StartsWith(Address + "/", Assert.Single(invite.Addresses), StringComparison.Ordinal);
        });
        Assert.Equal(("sites", 2, "CC0-1.0"), await ReleasedAsync());
        var (exit, output) = await Shell.Run(["env", .. Settings, "deploy/collector", "invite", "create", "--group", "press"]);
        Assert.True(exit == 0 && InviteText.TryRead(output.TrimEnd().Split('\n')[^1], out _), output);

        await AbandonAsync(first);
        var (second, again) = await StartAsync();
        Assert.DoesNotContain(again, line => line.StartsWith("volunteer ", StringComparison.Ordinal));
        Assert.Equal(("sites", 2, "CC0-1.0"), await ReleasedAsync());
        await AbandonAsync(second);
    }

    // Killed without a word, whoever started it takes everything along.
    async Task AbandonAsync(Process shell)
    {
        shell.Kill(entireProcessTree: false);
        await Eventually.TrueAsync("every process to end with whoever started them", () => Tagged() == 0, TimeSpan.FromMinutes(2));
    }

    string[] Settings =>
    [
        $"HOME={_home.FullName}", $"XDG_CONFIG_HOME={_home.FullName}/config", $"PROBENET_START_TEST={_home.Name}",
        $"PROBENET_Kestrel__Endpoints__Web__Url=http://127.0.0.1:{_web}", $"PROBENET_Kestrel__Endpoints__Agents__Url=https://127.0.0.1:{_agents}",
    ];

    /// <summary>What it printed until everything ran. A shell stands in between: the script ends with the thread that started it.</summary>
    async Task<(Process Shell, List<string> Said)> StartAsync(params string[] options)
    {
        var start = new ProcessStartInfo("env", [.. Settings, "sh", "-c", "\"$0\" \"$@\" 2>&1; true", Path.Combine(Shell.Repository, "deploy/start"), "--state", $"{_home.FullName}/state", .. options])
        {
            UseShellExecute = false,
            WorkingDirectory = _home.FullName,
            RedirectStandardOutput = true,
        };
        var shell = Process.Start(start)!;
        _started.Add(shell);
        var said = new List<string>();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        deadline.CancelAfter(TimeSpan.FromMinutes(5));
        while (await shell.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
        {
            said.Add(line);
            if (line.StartsWith("Runs until", StringComparison.Ordinal))
                return (shell, said);
        }
        Assert.Fail(string.Join('\n', said));
        throw new UnreachableException();
    }

    async Task<(string?, int, string?)> ReleasedAsync()
    {
        using var handler = new SocketsHttpHandler();
        using var client = new HttpClient(handler);
        using var response = await client.GetAsync(new Uri($"http://127.0.0.1:{_web}/api/v1/lists"), Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var list = Assert.Single(JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancel)).RootElement.GetProperty("items").EnumerateArray());
        return (list.GetProperty("name").GetString(), list.GetProperty("entries").GetInt32(), list.GetProperty("licence").GetString());
    }

    int Tagged() => Directory.EnumerateDirectories("/proc").Count(process =>
    {
        try
        {
            return int.TryParse(Path.GetFileName(process), out _) && File.ReadAllText(process + "/environ").Split('\0').Contains($"PROBENET_START_TEST={_home.Name}");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });
}
