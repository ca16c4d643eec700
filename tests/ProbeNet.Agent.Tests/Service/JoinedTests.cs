using System.Text.Json;
using ProbeNet.Agent.Tests.Uplink;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Testing;
using Xunit;

namespace ProbeNet.Agent.Tests.Service;

/// <summary>An agent that has joined: over a collector on loopback, as child processes.</summary>
public sealed class JoinedTests : IDisposable
{
    readonly AgentProcess _agent = new();

    public void Dispose() => _agent.Dispose();

    [Theory]
    [InlineData("en", "WHAT THIS PROGRAM DOES")]
    [InlineData("km", "កម្មវិធីនេះធ្វើអ្វី")]
    public async Task Two_yeses_join_and_the_choices_outlive_the_command(string language, string text)
    {
        await using var collector = await ScriptedCollector.StartAsync();

        var ended = await _agent.RunAsync(["enroll", "--language", language], InviteText.Write(collector.Invite) + "\nyes\nបាទ\n");

        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Contains(text, ended.Output);
        Assert.Single(collector.Requests);
        await _agent.RunAsync("consent", "--set", "news,HUMR", "--refuse", "https://Example.org/page", "--tasks", "off", "--localisation", "on");
        using var consent = JsonDocument.Parse((await _agent.RunAsync("consent", "--json")).Output);
        Assert.Equal(
            $$"""{"text_version":"1","language":"{{language}}","date":"{{TimeProvider.System.GetUtcNow():yyyy-MM-dd}}","categories":["NEWS","HUMR"],"refused":["example.org"],"localisation":true,"tasks":false}""",
            JsonSerializer.Serialize(consent.RootElement));
    }

    [Theory]
    [InlineData("yes\nno\n")]
    [InlineData("no\n")]
    [InlineData("perhaps\nperhaps\nperhaps\n")]
    public async Task Without_two_yeses_nothing_is_sent_and_nothing_is_kept(string answers)
    {
        await using var collector = await ScriptedCollector.StartAsync();

        var ended = await _agent.RunAsync(["enroll"], InviteText.Write(collector.Invite) + "\n" + answers);

        Assert.Equal(1, ended.Code);
        Assert.Empty(collector.Connections);
        Assert.False(File.Exists(Path.Combine(_agent.State, "enrollment")));
        Assert.False(File.Exists(Path.Combine(_agent.State, "consent")));
    }

    [Fact]
    public async Task Status_and_log_name_no_address()
    {
        await using var collector = await ScriptedCollector.StartAsync();
        await JoinAsync(collector);
        var service = _agent.Start([AgentProcess.Program, "run"], []);
        await Eventually.TrueAsync("the agent contacts its collector", () => collector.Others.Any(message => message.Hello is not null) || collector.Connections.Count > 1);

        var status = await _agent.RunAsync("status");
        var again = await _agent.RunAsync("run");
        Signal(service, "TERM");
        var ended = await AgentProcess.EndAsync(service);

        Assert.Equal(0, ended.Code);
        Assert.Matches("service +running", status.Output);
        Assert.Equal((1, "Another agent is running on this state directory.\n"), (again.Code, again.Error));
        foreach (var text in new[] { status.Output, ended.Output, ended.Error, (await _agent.RunAsync("history")).Output })
        {
            Assert.DoesNotContain("127.0.0.1", text);
            Assert.DoesNotMatch(@"\b\d{1,3}(\.\d{1,3}){3}\b", text);
            Assert.DoesNotContain("a-secret", text);
        }
    }

    [Fact]
    public async Task Wipe_destroys_the_key_first_ends_the_service_and_says_what_the_system_keeps()
    {
        await using var collector = await ScriptedCollector.StartAsync();
        await JoinAsync(collector);
        var service = _agent.Start([AgentProcess.Program, "run"], []);
        await Eventually.TrueAsync("the service holds its state", () => File.Exists(Path.Combine(_agent.State, "lock")) && collector.Connections.Count > 1);

        var wiped = await _agent.RunAsync("wipe");
        var ended = await AgentProcess.EndAsync(service);

        Assert.Equal((0, ""), (wiped.Code, wiped.Error));
        Assert.Equal(0, ended.Code);
        Assert.StartsWith("The key is destroyed", wiped.Output);
        Assert.False(Directory.Exists(_agent.State), "nothing of the state is left");
        foreach (var kept in new[] { "/var/log/dpkg.log", "journalctl -u probenet-agent", "your provider" })
            Assert.Contains(kept, wiped.Output);
    }

    [Fact]
    public async Task Wipe_removes_nothing_that_is_not_the_agent_s()
    {
        await _agent.RunAsync("pause");
        var letter = Path.Combine(_agent.State, "letter.txt");
        await File.WriteAllTextAsync(letter, "mine", TestContext.Current.CancellationToken);

        var wiped = await _agent.RunAsync("wipe");

        Assert.Equal(0, wiped.Code);
        Assert.Equal([letter], Directory.EnumerateFileSystemEntries(_agent.State));
        Assert.Contains("1 things in its directory are not this program's", wiped.Output);
    }

    async Task JoinAsync(ScriptedCollector collector)
    {
        var joined = await _agent.RunAsync(["enroll", "--accept-risks"], InviteText.Write(collector.Invite) + "\n");
        Assert.Equal((0, ""), (joined.Code, joined.Error));
    }

    static void Signal(System.Diagnostics.Process process, string signal)
    {
        using var kill = System.Diagnostics.Process.Start("kill", ["-s", signal, process.Id.ToString()]);
        kill.WaitForExit();
    }
}
