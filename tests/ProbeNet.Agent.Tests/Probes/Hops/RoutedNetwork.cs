using System.Diagnostics;
using System.Net;

namespace ProbeNet.Agent.Tests.Probes.Hops;

/// <summary>
/// A client, three routers and a server, each a network namespace: 11.1.0.2 – 11.1.0.1 | 11.2.0.1 – 11.2.0.2 | 11.3.0.1 – … – 11.4.0.2.
/// Needs root and iproute2; without them a test is skipped.
/// </summary>
sealed class RoutedNetwork : IDisposable
{
    static readonly string[] Hosts = ["c", "r1", "r2", "r3", "s"];

    readonly string _prefix = $"pnp{Environment.ProcessId % 100_000}-{Guid.NewGuid().ToString("N")[..4]}-";

    public RoutedNetwork()
    {
        try
        {
            Build();
        }
        catch (InvalidOperationException)
        {
            Dispose();
            throw;
        }
    }

    public static bool Possible => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && File.Exists("/usr/sbin/iptables-legacy");

    public static IPAddress Server => IPAddress.Parse("11.4.0.2");

    public string Client => _prefix + "c";

    public string ServerHost => _prefix + "s";

    public string Router(int number) => $"{_prefix}r{number}";

    public void Inside(string host, string program, string arguments) => Run("ip", $"netns exec {_prefix}{host} {program} {arguments}");

    public void Dispose()
    {
        foreach (var host in Hosts.Where(host => File.Exists($"/run/netns/{_prefix}{host}")))
            Run("ip", $"netns del {_prefix}{host}");
    }

    void Build()
    {
        foreach (var host in Hosts)
        {
            Ip($"netns add {_prefix}{host}");
            Ip($"-n {_prefix}{host} link set lo up");
            Inside(host, "sysctl", "-qw net.ipv4.ip_forward=1 net.ipv4.icmp_ratelimit=0 net.ipv4.icmp_msgs_per_sec=100000");
        }
        for (var i = 0; i < Hosts.Length - 1; i++)
        {
            Ip($"link add name up0 netns {_prefix}{Hosts[i]} type veth peer name down0 netns {_prefix}{Hosts[i + 1]}");
            Ip($"-n {_prefix}{Hosts[i]} link set up0 up");
            Ip($"-n {_prefix}{Hosts[i + 1]} link set down0 up");
            // The side towards the server is up0; each link is 11.N.0.0/24.
            Ip($"-n {_prefix}{Hosts[i]} addr add 11.{i + 1}.0.{(i == 0 ? 2 : 1)}/24 dev up0");
            Ip($"-n {_prefix}{Hosts[i + 1]} addr add 11.{i + 1}.0.{(i == 0 ? 1 : 2)}/24 dev down0");
        }
        Ip($"-n {_prefix}c route add default via 11.1.0.1");
        Ip($"-n {_prefix}r1 route add 11.3.0.0/16 via 11.2.0.2");
        Ip($"-n {_prefix}r1 route add 11.4.0.0/16 via 11.2.0.2");
        Ip($"-n {_prefix}r2 route add 11.1.0.0/16 via 11.2.0.1");
        Ip($"-n {_prefix}r2 route add 11.4.0.0/16 via 11.3.0.2");
        Ip($"-n {_prefix}r3 route add default via 11.3.0.1");
        Ip($"-n {_prefix}s route add default via 11.4.0.1");
    }

    static void Ip(string arguments) => Run("ip", arguments);

    static void Run(string program, string arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        var complaint = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} {arguments}: {complaint}");
    }
}
