namespace ProbeNet.Agent.Service;

/// <summary>Defaults, then appsettings.json (beside the program, then the system's), PROBENET_ variables, the command line.</summary>
static class AgentConfiguration
{
    const string File = "appsettings.json";

    public static void Apply(IConfigurationBuilder configuration, Surroundings surroundings)
    {
        configuration
            .AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["Agent:StateDirectory"] = DefaultStateDirectory(surroundings.Environment, Environment.IsPrivilegedProcess),
            })
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, File), optional: true);
        if (SystemDirectory(surroundings.Environment) is { } directory)
            configuration.AddJsonFile(Path.Combine(directory, File), optional: true);
        configuration
            .AddEnvironmentVariables("PROBENET_")
            .AddCommandLine([.. surroundings.Settings]);
    }

    /// <summary>systemd's STATE_DIRECTORY; /var/lib for root; the XDG base directory otherwise. ProgramData under Windows.</summary>
    internal static string DefaultStateDirectory(Func<string, string?> environment, bool root)
    {
        if (OperatingSystem.IsWindows())
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "ProbeNet");
        // systemd separates several directories by colons.
        if (environment("STATE_DIRECTORY") is { Length: > 0 } given)
            return given.Split(':')[0];
        if (root)
            return "/var/lib/probenet";
        var home = environment("XDG_STATE_HOME") is { Length: > 0 } xdg ? xdg : Path.Combine(environment("HOME") ?? ".", ".local", "state");
        return Path.Combine(home, "probenet");
    }

    // The commands of the machine's owner must find the same settings as the service.
    static string? SystemDirectory(Func<string, string?> environment) =>
        environment("CONFIGURATION_DIRECTORY") is { Length: > 0 } given ? given.Split(':')[0]
        : OperatingSystem.IsWindows() ? null
        : "/etc/probenet";
}
