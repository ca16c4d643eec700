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
                ["Agent:StateDirectory"] = DefaultStateDirectory(surroundings.Environment, Environment.IsPrivilegedProcess, Directory.Exists),
            })
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, File), optional: true);
        if (SystemDirectory(surroundings.Environment) is { } directory)
            configuration.AddJsonFile(Path.Combine(directory, File), optional: true);
        configuration
            .AddEnvironmentVariables("PROBENET_")
            .AddCommandLine([.. surroundings.Settings]);
    }

    /// <summary>
    /// systemd's STATE_DIRECTORY; /var/lib for root, and for everybody where a service has its state there and this user has
    /// none: who forgot sudo is told so instead of being shown an empty state. The XDG base directory otherwise. ProgramData
    /// under Windows.
    /// </summary>
    internal static string DefaultStateDirectory(Func<string, string?> environment, bool root, Func<string, bool> exists)
    {
        const string service = "/var/lib/probenet";
        if (OperatingSystem.IsWindows())
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "ProbeNet");
        // systemd separates several directories by colons.
        if (environment("STATE_DIRECTORY") is { Length: > 0 } given)
            return given.Split(':')[0];
        if (root)
            return service;
        var home = environment("XDG_STATE_HOME") is { Length: > 0 } xdg ? xdg : Path.Combine(environment("HOME") ?? ".", ".local", "state");
        var own = Path.Combine(home, "probenet");
        return !exists(own) && exists(service) ? service : own;
    }

    // The commands of the machine's owner must find the same settings as the service.
    static string? SystemDirectory(Func<string, string?> environment) =>
        environment("CONFIGURATION_DIRECTORY") is { Length: > 0 } given ? given.Split(':')[0]
        : OperatingSystem.IsWindows() ? null
        : "/etc/probenet";
}
