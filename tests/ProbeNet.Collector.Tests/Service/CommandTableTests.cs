using System.CommandLine;
using ProbeNet.Collector.Service;
using ProbeNet.Testing;
using Xunit;

namespace ProbeNet.Collector.Tests.Service;

/// <summary>What contract 1 says of every command, over every command there is: help, exit codes, one line on standard error.</summary>
public sealed class CommandTableTests : IDisposable
{
    // Enough to be asked rightly; no database answers, and no file is there.
    static readonly Dictionary<string, string[]> Rightly = new()
    {
        ["serve"] = ["--Kestrel:Endpoints:Agents:Url=https://127.0.0.1:0", "--Kestrel:Endpoints:Web:Url=http://127.0.0.1:0"],
        ["invite create"] = ["--cc", "KH"],
        ["invite list"] = [],
        ["invite revoke"] = ["0123abcd"],
        ["migrate"] = [],
        ["doctor"] = [],
        ["backup"] = ["HOME/backup.tar"],
        ["restore"] = ["HOME/nothing.tar"],
        ["matrix"] = ["--cc", "KH"],
        ["explain"] = ["--cc", "KH", "--domain", "news.example", "--asn", "64501"],
        ["keys rotate"] = [],
        ["keys create"] = ["--role", "analyst"],
        ["keys list"] = [],
        ["keys revoke"] = ["0123abcd"],
        ["agents list"] = [],
        ["agents revoke"] = ["0123abcd"],
        ["agents quarantine"] = ["0123abcd"],
        ["list import"] = ["HOME/nothing.csv", "--name", "kh"],
        ["list diff"] = ["kh"],
        ["list check"] = ["kh"],
        ["list release"] = ["kh"],
        ["list revert"] = ["kh"],
        ["list status"] = [],
        ["list halt"] = ["kh"],
        ["list resume"] = ["kh"],
        ["list audit"] = [],
        ["list root show"] = [],
        ["list root propose"] = ["HOME/root"],
        ["list root sign"] = ["HOME/root", "--key", "HOME/root.key"],
        ["list root publish"] = ["HOME/root"],
        ["list key"] = ["--key", "/dev/null/list.key"],
        ["export list"] = ["kh"],
        ["export log"] = [],
        ["export cells"] = ["--cc", "KH"],
        ["export events"] = [],
        ["export rows"] = [],
        ["export ooni"] = [],
        ["publish"] = ["0199c0de-0000-7000-8000-000000000000", "--by", "A. Person", "--reason", "a court asked"],
        ["analyze"] = ["--world", "HOME/nothing.jsonl"],
        ["reanalyze"] = ["--since", "2026-11-01"],
        ["verify"] = ["HOME/nothing.zip"],
        ["import"] = ["HOME/nothing.spool"],
    };

    readonly string _home = Directory.CreateTempSubdirectory("probenet-home-").FullName;

    public static TheoryData<string> Commands => [.. Leaves(CollectorCommandLine.Create(Surroundings.OfProcess()), "").Select(leaf => leaf.Path)];

    public void Dispose() => Directory.Delete(_home, recursive: true);

    [Fact]
    public void The_table_names_every_command() => Assert.Equal(Commands.Select(row => row.Data).Order(), Rightly.Keys.Order());

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_is_there_and_writes_nothing(string command)
    {
        var (code, output, error) = await RunAsync([.. command.Split(' '), "--help"]);

        Assert.Equal((0, ""), (code, error));
        Assert.Contains(command, output, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_home));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Wrong_usage_is_2_and_points_to_the_help(string command)
    {
        var (code, output, error) = await RunAsync([.. command.Split(' '), "--no-such-option"]);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains("--no-such-option", error, StringComparison.Ordinal);
        Assert.Contains("--help", error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_home));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Failure_is_1_and_one_line(string command)
    {
        string[] nowhere = [$"--ConnectionStrings:Store=Host=127.0.0.1;Port={FreePort.Next()};Username=nobody", $"--Collector:StateDirectory={_home}/state"];

        var (code, _, error) = await RunAsync(
            [.. command.Split(' '), .. Rightly[command].Select(argument => argument.Replace("HOME", _home, StringComparison.Ordinal)), .. nowhere]);

        Assert.Equal(1, code);
        Assert.NotEmpty(Assert.Single(error.TrimEnd().Split('\n')));
    }

    [Theory]
    [InlineData("invite list")]
    [InlineData("keys list")]
    [InlineData("agents list")]
    [InlineData("list diff")]
    [InlineData("list check")]
    [InlineData("list status")]
    [InlineData("matrix")]
    [InlineData("explain")]
    [InlineData("analyze")]
    [InlineData("reanalyze")]
    [InlineData("doctor")]
    [InlineData("verify")]
    public void What_lists_takes_json(string command) => Assert.Contains(
        Leaves(CollectorCommandLine.Create(Surroundings.OfProcess()), "").Single(leaf => leaf.Path == command).Command.Options, option => option.Name == "--json");

    static IEnumerable<(string Path, Command Command)> Leaves(Command command, string path) => command.Subcommands.Count == 0
        ? [(path, command)]
        : command.Subcommands.SelectMany(child => Leaves(child, $"{path} {child.Name}".Trim()));

    async Task<(int Code, string Output, string Error)> RunAsync(string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var surroundings = new Surroundings(TextReader.Null, output, error, TimeProvider.System, name => name == "HOME" ? _home : null);
        var code = await CollectorCommandLine.RunAsync(args, surroundings, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
