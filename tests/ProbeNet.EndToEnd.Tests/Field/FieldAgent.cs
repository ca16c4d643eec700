using System.Runtime.Versioning;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Sealing;
using ProbeNet.Lab.Control;
using ProbeNet.Testing;

namespace ProbeNet.EndToEnd.Tests.Field;

/// <summary>A volunteer's machine: one state directory, carried from host to host.</summary>
[SupportedOSPlatform("linux")]
sealed class FieldAgent
{
    readonly InhabitedCountry _country;
    readonly string _name;
    readonly string _program;
    readonly Dictionary<string, string> _settings;

    /// <param name="mode">standing or brief.</param>
    /// <param name="program">Another than this build's.</param>
    internal FieldAgent(InhabitedCountry country, string name, string mode = "standing", string? program = null)
    {
        (_country, _name, _program) = (country, name, program ?? BuiltPrograms.Agent);
        Home = country.Made("home-" + name);
        _settings = new()
        {
            ["HOME"] = Home,
            ["PROBENET_Agent__StateDirectory"] = State,
            ["PROBENET_Agent__Session__Mode"] = mode,
            ["PROBENET_Agent__Upload__Delay"] = "00:00:00",
            ["PROBENET_Agent__Schedule__Interval"] = "00:00:10",
            ["PROBENET_Agent__Schedule__OtherInterval"] = "00:00:10",
            ["PROBENET_Agent__Schedule__Share"] = "1",
            ["PROBENET_Agent__Schedule__Rate"] = "300",
            ["PROBENET_Agent__Schedule__Concurrency"] = "64",
            ["PROBENET_Agent__Schedule__Jitter"] = "0",
            ["PROBENET_Agent__Probes__ResidualWait"] = "00:00:01",
            ["DOTNET_TieredPGO"] = "0",
        };
    }

    internal string Home { get; }

    internal string State => Path.Combine(Home, "state");

    /// <summary>Joins from a host.</summary>
    internal Task EnrollAsync(string host, string invite) =>
        _country.RunAsync(host, ["sh", "-c", "printf '%s\\n' \"$1\" | \"$0\" enroll --accept-risks", _program, invite], _settings);

    /// <summary>Starts the service on a host.</summary>
    /// <param name="settings">Added to the agent's own, for this run.</param>
    /// <returns>The number of its process in the lab.</returns>
    internal Task<int> RunAsync(string host, params (string Name, string Value)[] settings)
    {
        var all = new Dictionary<string, string>(_settings);
        foreach (var (name, value) in settings)
            all[name] = value;
        return _country.Lab.Run(host, InhabitedCountry.InFolder(Home, [_program, "run"]), all, Path.Combine(_country.Logs, $"{_name}-{host}.log"));
    }

    /// <summary>What one of the agent's commands prints on a host.</summary>
    internal Task<string> CommandAsync(string host, params string[] arguments) => _country.RunAsync(host, [_program, .. arguments], _settings);

    internal Task<(int Exit, string Output)> TryCommandAsync(string host, params string[] arguments) =>
        _country.TryRunAsync(host, [_program, .. arguments], _settings);

    /// <summary>What became of what was measured; as the agent's own commands read it, beside the service.</summary>
    internal SpoolStatus Status() => SpoolStatus.Read(new StateDirectory(State), TimeProvider.System);

    /// <summary>One for each network that the machine was on.</summary>
    internal IReadOnlyList<NetworkKey> Keys()
    {
        var directory = new StateDirectory(State);
        var key = StateKey.OpenOrCreate(directory);
        return new NetworkKeys(new(directory, key, "keys", KeyRing.Parser), key, () => Gateway.None, TimeProvider.System).All();
    }

    /// <exception cref="TimeoutException">It did not come to pass; with what the agent's logs say.</exception>
    internal async Task UntilAsync(string awaited, Func<SpoolStatus, bool> condition)
    {
        try
        {
            await Eventually.TrueAsync($"{_name}: {awaited}", () => condition(Status()), TimeSpan.FromMinutes(2));
        }
        catch (TimeoutException late)
        {
            var logs = Directory.EnumerateFiles(_country.Logs, $"{_name}-*").Append(Path.Combine(_country.Logs, "collector.log")).Select(log => $"{log}\n{File.ReadAllText(log)}");
            throw new TimeoutException($"{late.Message}\n{Status()}\n{string.Join('\n', logs)}", late);
        }
    }
}
