using System.Net;

namespace ProbeNet.Agent.Identity;

/// <summary>Section <c>Agent</c>.</summary>
sealed class IdentityOptions
{
    public const string Section = "Agent";

    /// <summary>Default: where the system keeps the state of services, or the user's own data.</summary>
    public string StateDirectory { get; set; } = DefaultStateDirectory();

    /// <summary>An address of this machine to bind to; empty: the system chooses.</summary>
    public string Interface { get; set; } = "";

    public bool IsValid() => StateDirectory.Length > 0 && (Interface.Length == 0 || IPAddress.TryParse(Interface, out _));

    static string DefaultStateDirectory()
    {
        // systemd names the directory it made for the service (systemd.exec(5)).
        if (Environment.GetEnvironmentVariable("STATE_DIRECTORY") is { Length: > 0 } given)
            return given.Split(':')[0];
        var folder = OperatingSystem.IsWindows() ? Environment.SpecialFolder.CommonApplicationData : Environment.SpecialFolder.LocalApplicationData;
        return Path.Combine(Environment.GetFolderPath(folder), "probenet-agent");
    }
}
