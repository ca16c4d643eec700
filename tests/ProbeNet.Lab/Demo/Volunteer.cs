using System.Diagnostics;
using ProbeNet.Lab.Hosts;

namespace ProbeNet.Lab.Demo;

/// <summary>An agent on one of the lab's hosts, a volunteer's or a control's.</summary>
sealed class Volunteer
{
    readonly Host _machine;
    readonly string _program;
    readonly string _log;
    readonly Dictionary<string, string> _settings;

    /// <param name="settings">Of the agent, in its environment.</param>
    public Volunteer(Laboratory lab, string host, string program, string logs, IReadOnlyDictionary<string, string> settings)
    {
        _machine = lab.Network[host];
        _program = program;
        _log = Path.Combine(logs, host + ".log");
        var home = Directory.CreateDirectory(Path.Combine(Isolation.Directory, "home-" + host)).FullName;
        _settings = new Dictionary<string, string>(settings) { ["HOME"] = home, ["PROBENET_Agent__StateDirectory"] = Path.Combine(home, "state") };
    }

    /// <summary>Always connected, a round in less than a minute, everything sent at once.</summary>
    public static IReadOnlyDictionary<string, string> Hurried { get; } = new Dictionary<string, string>
    {
        ["PROBENET_Agent__Session__Mode"] = "standing",
        ["PROBENET_Agent__Upload__Delay"] = "00:00:00",
        ["PROBENET_Agent__Schedule__Interval"] = "00:00:40",
        ["PROBENET_Agent__Schedule__OtherInterval"] = "00:00:40",
        ["PROBENET_Agent__Schedule__Share"] = "1",
        ["PROBENET_Agent__Schedule__Rate"] = "120",
        ["PROBENET_Agent__Schedule__Concurrency"] = "64",
        ["PROBENET_Agent__Schedule__Jitter"] = "0",
        ["PROBENET_Agent__Probes__ResidualWait"] = "00:00:01",
        // Fourteen runtimes share the machine: a smaller one each starts sooner.
        ["DOTNET_gcServer"] = "0",
        ["DOTNET_TieredPGO"] = "0",
    };

    /// <summary>The invite goes through standard input, as the documentation shows it.</summary>
    public Task Enroll(string invite) => FinishedProgram.Output(_machine, [_program, "enroll", "--accept-risks"], _settings, invite + "\n");

    public Process Run() => ProgramOnHost.Start(_machine, [_program, "run"], _settings, _log);

    /// <summary>What one of the agent's commands prints.</summary>
    public Task<string> Command(params string[] arguments) => FinishedProgram.Output(_machine, [_program, .. arguments], _settings);
}
