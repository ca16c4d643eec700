using System.CommandLine;
using ProbeNet.Agent.Service;
using Xunit;

namespace ProbeNet.Agent.Tests.Service;

/// <summary>What contract 1 says of every command, over every command there is: help, exit codes, one line on standard error.</summary>
public sealed class CommandTableTests : IDisposable
{
    // What each does where it cannot do what it is for. STATE stands for a directory of the test's own.
    static readonly Dictionary<string, string[]> Failing = new()
    {
        ["enroll"] = ["notaninvite"],
        ["run"] = ["--Agent:Interface=here"],
        ["measure"] = ["https://example.invalid/"],
        ["status"] = ["--Agent:StateDirectory=/dev/null"],
        ["history"] = ["--Agent:StateDirectory=/dev/null"],
        ["pause"] = ["1h", "--Agent:StateDirectory=/dev/null"],
        ["resume"] = ["--Agent:StateDirectory=/dev/null"],
        ["consent"] = [],
        ["withdraw"] = [],
        ["doctor"] = ["--Agent:Upload:Delay=soon"],
        ["spool export"] = ["STATE/out"],
        ["spool status"] = ["--Agent:StateDirectory=/dev/null"],
        // Whether there is systemd or not, neither can be done with these.
        ["install"] = ["--Agent:StateDirectory=/nowhere"],
        ["uninstall"] = ["--service-name", "there-is-no-such-service"],
        ["wipe"] = ["--Agent:StateDirectory=STATE/odd"],
    };

    readonly string _state = Directory.CreateTempSubdirectory("probenet-agent-").FullName;

    public static TheoryData<string> Commands => [.. Leaves(AgentCommandLine.Create(Surroundings.OfProcess()), "").Select(leaf => leaf.Path)];

    public void Dispose() => Directory.Delete(_state, recursive: true);

    [Fact]
    public void The_table_names_every_command() => Assert.Equal(Commands.Select(row => row.Data).Order(), Failing.Keys.Order());

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_is_there_and_writes_nothing(string command)
    {
        var (code, output, error) = await RunAsync([.. command.Split(' '), "--help"]);

        Assert.Equal((0, ""), (code, error));
        Assert.Contains(command, output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_state));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Wrong_usage_is_2_and_points_to_the_help(string command)
    {
        var (code, output, error) = await RunAsync([.. command.Split(' '), "--no-such-option"]);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains("--no-such-option", error, StringComparison.Ordinal);
        Assert.Contains("--help", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_state));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Failure_is_1_and_one_line(string command)
    {
        // Nobody can tell whether a service holds that.
        Directory.CreateDirectory(Path.Combine(_state, "odd", "lock"));

        var (code, _, error) = await RunAsync([.. command.Split(' '), .. Failing[command].Select(argument => argument.Replace("STATE", _state, StringComparison.Ordinal))]);

        Assert.Equal(1, code);
        Assert.NotEmpty(Assert.Single(error.TrimEnd().Split('\n')));
    }

    [Theory]
    [InlineData("status")]
    [InlineData("history")]
    [InlineData("consent")]
    [InlineData("doctor")]
    [InlineData("measure")]
    [InlineData("spool status")]
    public void What_lists_takes_json(string command) => Assert.Contains(
        Leaves(AgentCommandLine.Create(Surroundings.OfProcess()), "").Single(leaf => leaf.Path == command).Command.Options, option => option.Name == "--json");

    static IEnumerable<(string Path, Command Command)> Leaves(Command command, string path) => command.Subcommands.Count == 0
        ? [(path, command)]
        : command.Subcommands.SelectMany(child => Leaves(child, $"{path} {child.Name}".Trim()));

    async Task<(int Code, string Output, string Error)> RunAsync(string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var surroundings = new Surroundings(TextReader.Null, output, error, TimeProvider.System, name => name == "HOME" ? _state : null);
        string[] state = args.Any(arg => arg.StartsWith("--Agent:StateDirectory", StringComparison.Ordinal)) ? [] : [$"--Agent:StateDirectory={_state}/state"];
        var code = await AgentCommandLine.RunAsync([.. args, .. state], surroundings, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
