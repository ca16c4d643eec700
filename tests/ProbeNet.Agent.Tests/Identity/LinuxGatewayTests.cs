using ProbeNet.Agent.Identity;
using Xunit;

namespace ProbeNet.Agent.Tests.Identity;

public sealed class LinuxGatewayTests : IDisposable
{
    const string RouteHead = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n";
    const string ArpHead = "IP address       HW type     Flags       HW address            Mask     Device\n";

    readonly string _folder = Directory.CreateTempSubdirectory("probenet-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_default_route_of_the_lowest_metric_decides()
    {
        Write("route", RouteHead
            + "wlan0\t00000000\t016433C6\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"
            + "eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
            + "eth0\t000200C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n");
        Write("arp", ArpHead
            + "198.51.100.1     0x1         0x2         02:00:00:00:00:07     *        wlan0\n"
            + "192.0.2.1        0x1         0x2         02:00:00:00:00:05     *        eth0\n");
        Assert.Equal(new("eth0", "192.0.2.1", "02:00:00:00:00:05"), LinuxGateway.Read(_folder, only: null));
        Assert.Equal(new("wlan0", "198.51.100.1", "02:00:00:00:00:07"), LinuxGateway.Read(_folder, only: "wlan0"));
    }

    [Fact]
    public void Where_there_is_no_IPv4_the_IPv6_gateway_decides()
    {
        Write("route", RouteHead);
        Write("ipv6_route",
            "00000000000000000000000000000000 00 00000000000000000000000000000000 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003     eth0\n"
            + "00000000000000000000000000000000 00 00000000000000000000000000000000 00 00000000000000000000000000000000 ffffffff 00000001 00000000 00200200       lo\n");
        Assert.Equal(new("eth0", "fe800000000000000000000000000001", ""), LinuxGateway.Read(_folder, only: null));
    }

    [Fact]
    public void An_unresolved_hardware_address_is_none()
    {
        Write("route", RouteHead + "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n");
        Write("arp", ArpHead + "192.0.2.1        0x1         0x0         00:00:00:00:00:00     *        eth0\n");
        Assert.Equal(new("eth0", "192.0.2.1", ""), LinuxGateway.Read(_folder, only: null));
    }

    [Fact]
    public void Without_a_default_route_there_is_no_gateway() => Assert.Equal(Gateway.None, LinuxGateway.Read(_folder, only: null));

    void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);
}
