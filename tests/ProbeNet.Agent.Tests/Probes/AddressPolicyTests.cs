using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ProbeNet.Agent.Identity;
using ProbeNet.Agent.Measurements;
using ProbeNet.Agent.Probes;
using ProbeNet.Agent.Probes.Http;
using Xunit;

namespace ProbeNet.Agent.Tests.Probes;

public sealed class AddressPolicyTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.2.1")]
    [InlineData("192.168.1.1")]
    [InlineData("198.19.0.1")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:192.168.1.1")]
    [InlineData("64:ff9b::10.0.0.1")]
    [InlineData("fe80::1")]
    [InlineData("fd00::1")]
    [InlineData("ff02::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:c0a8:101::1")]
    public void Nothing_goes_to_an_address_that_is_not_public(string address)
    {
        var policy = new AddressPolicy(() => []);
        Assert.False(policy.AllowsTarget(new IPEndPoint(IPAddress.Parse(address), 443)));
        Assert.False(policy.AllowsResolver(new IPEndPoint(IPAddress.Parse(address), 53)));
    }

    [Theory]
    [InlineData("93.184.216.34")]
    [InlineData("11.200.0.1")]
    [InlineData("100.63.255.255")]
    [InlineData("172.32.0.1")]
    [InlineData("2606:2800:220:1::1")]
    [InlineData("64:ff9b::93.184.216.34")]
    public void Public_addresses_are_reached_on_the_two_ports_of_the_web(string address)
    {
        var policy = new AddressPolicy(() => []);
        Assert.True(policy.AllowsTarget(new IPEndPoint(IPAddress.Parse(address), 443)));
        Assert.True(policy.AllowsTarget(new IPEndPoint(IPAddress.Parse(address), 80)));
        Assert.False(policy.AllowsTarget(new IPEndPoint(IPAddress.Parse(address), 22)));
    }

    [Fact]
    public void The_own_subnet_is_home_though_its_addresses_are_public()
    {
        var policy = new AddressPolicy(() => [IPNetwork.Parse("93.184.216.0/24")]);
        Assert.False(policy.AllowsTarget(IPEndPoint.Parse("93.184.216.34:443")));
        Assert.True(policy.AllowsTarget(IPEndPoint.Parse("93.184.217.34:443")));
    }

    [Fact]
    public void A_socket_towards_the_home_cannot_be_opened()
    {
        var sockets = new ProbeSockets(new AddressPolicy(() => []), null, new TrafficMeter());
        Assert.Throws<InvalidOperationException>(() => sockets.Open(IPEndPoint.Parse("192.168.1.1:443"), PeerKind.Target, SocketType.Stream));
        Assert.Throws<InvalidOperationException>(() => sockets.Open(IPEndPoint.Parse("192.168.1.1:53"), PeerKind.Resolver, SocketType.Dgram));
    }

    [Fact]
    public void No_setting_of_the_product_opens_the_home()
    {
        var directory = Directory.CreateTempSubdirectory("probenet-policy-").FullName;
        var settings = new Dictionary<string, string?>
        {
            ["Agent:StateDirectory"] = directory,
            ["Agent:Resolvers:0"] = "udp://127.0.0.1",
            ["Agent:References:0"] = "http://192.168.1.1/",
            ["Agent:Interface"] = "127.0.0.1",
        };
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var services = new ServiceCollection().AddLogging().AddSingleton(TimeProvider.System);
        services.AddIdentity(configuration);
        services.AddMeasurements(configuration);
        using (var provider = services.BuildServiceProvider())
        {
            var sockets = provider.GetRequiredService<ProbeSockets>();
            foreach (var text in new[] { "127.0.0.1:443", "192.168.1.1:80", "10.0.0.1:443" })
                Assert.False(sockets.Allows(IPEndPoint.Parse(text), PeerKind.Target));
            Assert.False(sockets.Allows(IPEndPoint.Parse("127.0.0.1:53"), PeerKind.Resolver));
            Assert.True(sockets.Allows(IPEndPoint.Parse("93.184.216.34:443"), PeerKind.Target));
        }
        Directory.Delete(directory, recursive: true);
    }

    [Theory]
    [InlineData("www.example.com", "example.com")]
    [InlineData("a.b.example.com.kh", "example.com.kh")]
    [InlineData("news.bbc.co.uk", "bbc.co.uk")]
    [InlineData("one.github.io", "one.github.io")]
    [InlineData("EXAMPLE.org.", "example.org")]
    [InlineData("co.uk", "co.uk")]
    [InlineData("93.184.216.34", "93.184.216.34")]
    public void The_registrable_domain_is_found(string host, string domain) => Assert.Equal(domain, RegistrableDomain.Of(host));
}
