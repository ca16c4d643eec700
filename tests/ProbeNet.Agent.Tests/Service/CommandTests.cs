using System.Text.Json;
using Xunit;

namespace ProbeNet.Agent.Tests.Service;

/// <summary>The commands as people and programs meet them: child processes, exit codes, one line on standard error.</summary>
public sealed class CommandTests : IDisposable
{
    readonly AgentProcess _agent = new();

    public void Dispose() => _agent.Dispose();

    [Theory]
    [InlineData("enroll")]
    [InlineData("run")]
    [InlineData("measure")]
    [InlineData("status")]
    [InlineData("history")]
    [InlineData("pause")]
    [InlineData("resume")]
    [InlineData("consent")]
    [InlineData("withdraw")]
    [InlineData("doctor")]
    [InlineData("spool", "export")]
    [InlineData("spool", "status")]
    [InlineData("install")]
    [InlineData("uninstall")]
    [InlineData("wipe")]
    public async Task Every_command_explains_itself(params string[] command)
    {
        var ended = await _agent.RunAsync([.. command, "--help"]);

        Assert.Equal((0, ""), (ended.Code, ended.Error));
        Assert.Contains($"probenet-agent {string.Join(' ', command)}", ended.Output);
        Assert.False(Directory.Exists(_agent.State), "help writes nothing");
    }

    [Theory]
    [InlineData]
    [InlineData("nonsense")]
    [InlineData("pause", "soon")]
    [InlineData("history", "--since", "yesterday-ish")]
    [InlineData("consent", "--tasks", "maybe")]
    [InlineData("consent", "--refuse", "not a domain")]
    [InlineData("measure", "ftp://example.org/")]
    [InlineData("measure", "https://example.org:8443/")]
    [InlineData("install", "--service-name", "a/b")]
    public async Task Wrong_usage_ends_with_2(params string[] arguments)
    {
        var ended = await _agent.RunAsync(arguments);

        Assert.Equal((2, ""), (ended.Code, ended.Output));
        Assert.Contains("--help", ended.Error);
    }

    [Theory]
    [InlineData("nothing was agreed to yet", "consent")]
    [InlineData("has not joined", "withdraw")]
    [InlineData("the invite is altered", "enroll", "notaninvite")]
    [InlineData("nothing waits", "spool", "export", "out.spool")]
    [InlineData("must be a path", "status", "--Agent:Interface=here")]
    [InlineData("Agent:Session:Mode is 'often': one of brief, standing is expected", "run", "--Agent:Session:Mode=often")]
    [InlineData("Agent:Probes:Quic is 'maybe': one of off, anomaly, on is expected", "run", "--Agent:Probes:Quic=maybe")]
    [InlineData("Agent:Upload:Delay is 'soon': a time is written as hh:mm:ss", "run", "--Agent:Upload:Delay=soon")]
    [InlineData("Agent:Probes:ResidualWait must not be negative", "run", "--Agent:Probes:ResidualWait=-00:00:01")]
    [InlineData("Share is above 0 and at most 1", "run", "--Agent:Schedule:Share=2")]
    [InlineData("Share is above 0 and at most 1", "run", "--Agent:Schedule:Share", "2")]
    [InlineData("Agent:Resolvers are system, udp://IP", "run", "--Agent:Resolvers:0=udp://a-name")]
    public async Task A_failure_ends_with_1_and_one_line(string reason, params string[] arguments)
    {
        var ended = await _agent.RunAsync(arguments);

        Assert.Equal((1, ""), (ended.Code, ended.Output));
        Assert.Contains(reason, ended.Error);
        Assert.Single(ended.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task A_state_that_cannot_be_read_is_one_line_and_no_trace()
    {
        await _agent.RunAsync("pause");
        await File.WriteAllBytesAsync(Path.Combine(_agent.State, "state.key"), new byte[3], TestContext.Current.CancellationToken);

        var ended = await _agent.RunAsync("status");

        Assert.Equal((1, "state.key is not a key: 3 bytes instead of 32.\n"), (ended.Code, ended.Error));
    }

    [Fact]
    public async Task A_settings_file_that_cannot_be_read_is_one_line_that_says_where()
    {
        await _agent.RunAsync("pause");
        await File.WriteAllTextAsync(Path.Combine(_agent.State, "appsettings.json"), "{\n \"Agent\": ", TestContext.Current.CancellationToken);

        var ended = await AgentProcess.EndAsync(_agent.Start([AgentProcess.Program, "status"], new() { ["CONFIGURATION_DIRECTORY"] = _agent.State }));

        Assert.Equal((1, ""), (ended.Code, ended.Output));
        Assert.Contains("LineNumber: 1", Assert.Single(ended.Error.TrimEnd().Split('\n')));
    }

    [Fact]
    public async Task A_pause_lasts_as_long_as_it_was_asked_to_and_resume_ends_it()
    {
        await _agent.RunAsync("pause", "2h");
        var paused = (await JsonAsync("status", "--json")).RootElement;
        Assert.Contains("not running, paused until", (await _agent.RunAsync("status")).Output);
        await _agent.RunAsync("resume");
        var resumed = (await JsonAsync("status", "--json")).RootElement;

        Assert.True(paused.GetProperty("paused").GetBoolean());
        var left = paused.GetProperty("paused_until").GetDateTimeOffset() - TimeProvider.System.GetUtcNow();
        Assert.InRange(left, TimeSpan.FromMinutes(110), TimeSpan.FromMinutes(120));
        Assert.False(resumed.GetProperty("paused").GetBoolean());
    }

    [Fact]
    public async Task Doctor_makes_twelve_checks_or_more_and_every_one_that_is_not_ok_has_a_remedy()
    {
        var ended = await _agent.RunAsync("doctor", "--json");

        Assert.Equal(1, ended.Code);
        using var json = JsonDocument.Parse(ended.Output);
        var checks = json.RootElement.GetProperty("checks").EnumerateArray().ToList();
        Assert.True(checks.Count >= 12);
        Assert.All(checks, check => Assert.True(
            check.GetProperty("status").GetString() == "ok" || check.GetProperty("remedy").GetString() is { Length: > 0 }, check.ToString()));
        Assert.Equal(checks.Count(check => check.GetProperty("status").GetString() == "failed"), json.RootElement.GetProperty("failed").GetInt32());
        Assert.Contains($"of {checks.Count} checks failed", ended.Error);
    }

    [Fact]
    public async Task The_spool_s_counts_come_with_what_was_produced()
    {
        var spool = (await JsonAsync("spool", "status", "--json")).RootElement;

        Assert.Equal(
            ["produced", "accepted", "rejected", "dropped", "waiting", "batches", "bytes", "oldest_day"],
            spool.EnumerateObject().Select(property => property.Name));
    }

    [Fact]
    public async Task A_measurement_needs_consent_the_first_time()
    {
        var refused = await _agent.RunAsync(["measure", "https://example.invalid/"], "yes\nno\n");
        var silent = await _agent.RunAsync(["measure", "https://example.invalid/"], "");

        Assert.Equal(1, refused.Code);
        Assert.Contains("both questions need a yes", refused.Error);
        Assert.Contains("nobody answered", silent.Error);
    }

    [Fact]
    public async Task A_measurement_prints_what_happened_as_JSON_and_consent_stays()
    {
        // Nothing listens there: the answer is a failure, and a failure is data.
        var first = await _agent.RunAsync(
            ["measure", "https://example.invalid/", "--json", "--Agent:Resolvers:0=udp://127.0.0.1:9"], "yes\nyes\n");

        Assert.Equal(0, first.Code);
        using var facts = JsonDocument.Parse(first.Output);
        Assert.Equal("https://example.invalid/", facts.RootElement.GetProperty("input").GetString());
        Assert.All(facts.RootElement.GetProperty("dns").EnumerateArray(), query => Assert.NotNull(query.GetProperty("failure").GetString()));
        var remembered = Assert.Single((await JsonAsync("history", "--json")).RootElement.GetProperty("items").EnumerateArray());
        Assert.Equal(("manual", "measured_by_hand"), (remembered.GetProperty("reason").GetString(), remembered.GetProperty("not_sent").GetString()));
        var consent = (await JsonAsync("consent", "--json")).RootElement;
        Assert.Equal(["NEWS", "HUMR", "POLR", "ENV", "ECON", "GOVT", "IGO"], consent.GetProperty("categories").EnumerateArray().Select(code => code.GetString()!));
    }

    async Task<JsonDocument> JsonAsync(params string[] arguments)
    {
        var ended = await _agent.RunAsync(arguments);
        Assert.Equal((0, ""), (ended.Code, ended.Error));
        return JsonDocument.Parse(ended.Output);
    }
}
