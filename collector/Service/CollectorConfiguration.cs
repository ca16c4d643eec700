namespace ProbeNet.Collector.Service;

/// <summary>Defaults, then appsettings.json (beside the program, then in the working directory), PROBENET_ variables, the command line.</summary>
static class CollectorConfiguration
{
    public const string StateDirectory = "Collector:StateDirectory";

    public static void Apply(IConfigurationBuilder configuration, Surroundings surroundings) => configuration
        .AddInMemoryCollection(new Dictionary<string, string?>
        {
            [StateDirectory] = DefaultStateDirectory(surroundings.Environment, Environment.IsPrivilegedProcess),
            ["Kestrel:Endpoints:Agents:Url"] = "https://*:7443",
            ["Kestrel:Endpoints:Web:Url"] = "http://127.0.0.1:8080",
        })
        .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
        .AddJsonFile(Path.GetFullPath("appsettings.json"), optional: true)
        .AddEnvironmentVariables("PROBENET_")
        .AddCommandLine([.. surroundings.Settings]);

    public static IConfiguration Read(Surroundings surroundings)
    {
        var builder = new ConfigurationBuilder();
        Apply(builder, surroundings);
        return builder.Build();
    }

    /// <summary>systemd's STATE_DIRECTORY; /var/lib for root; the XDG base directory otherwise.</summary>
    internal static string DefaultStateDirectory(Func<string, string?> environment, bool root)
    {
        // systemd separates several directories by colons.
        if (environment("STATE_DIRECTORY") is { Length: > 0 } given)
            return given.Split(':')[0];
        if (root)
            return "/var/lib/probenet-collector";
        var home = environment("XDG_STATE_HOME") is { Length: > 0 } xdg ? xdg : Path.Combine(environment("HOME") ?? ".", ".local", "state");
        return Path.Combine(home, "probenet-collector");
    }
}
