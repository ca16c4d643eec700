using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Time.Testing;
using ProbeNet.Agent.Measurements;
using ProbeNet.Agent.Tests.Probes;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Tests.Measurements;

public sealed class PreflightTests
{
    [Fact]
    public void A_site_that_moves_its_visitors_is_no_portal() =>
        Assert.Equal(NetworkStates.Open, Concluded(Clear("https://one.example/", "one.net"), Clear("https://two.example/", "")).Portal);

    [Fact]
    public void Two_owners_that_send_the_visitor_to_one_third_are_behind_a_portal() =>
        Assert.Equal(NetworkStates.Portal, Concluded(Clear("https://one.example/", "login.cafe"), Clear("https://two.example/", "login.cafe")).Portal);

    [Fact]
    public void Two_names_of_one_owner_prove_no_portal() =>
        Assert.Equal(NetworkStates.Open, Concluded(Clear("https://a.one.example/", "one.net"), Clear("https://b.one.example/", "one.net")).Portal);

    [Theory]
    [InlineData("192.168.1.1", 302u)]
    [InlineData("", 511u)]
    public void A_redirect_into_the_home_and_status_511_are_portals(string redirect, uint status) =>
        Assert.Equal(NetworkStates.Portal, Concluded(Clear("https://one.example/", redirect) with { ClearStatus = status }).Portal);

    [Fact]
    public void The_middle_clock_counts()
    {
        var check = Concluded(Clock(3), Clock(-400), Clock(2));
        Assert.True(check.ClockKnown);
        Assert.Equal(2, check.ClockMinutes);
        Assert.False(Concluded(Clear("https://one.example/", "")).ClockKnown);
    }

    [Fact]
    public void IPv6_is_broken_when_no_reference_is_reached_over_it()
    {
        Assert.Equal(NetworkStates.Broken, Concluded(Sight() with { Ipv6 = false }, Sight() with { Ipv6 = false }).Ipv6State);
        Assert.Equal(NetworkStates.Works, Concluded(Sight() with { Ipv6 = false }, Sight() with { Ipv6 = true }).Ipv6State);
        Assert.Equal("", Concluded(Sight()).Ipv6State);
    }

    [Fact]
    public void An_authority_that_somebody_added_shows_a_filter()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            using var certificate = TestAuthority.SelfSigned("A filter");
            File.WriteAllText(Path.Combine(folder.FullName, "filter.crt"), certificate.ExportCertificatePem());
            File.WriteAllText(Path.Combine(folder.FullName, "readme.txt"), "no certificate");
            var added = AddedAuthorities.In([folder.FullName, "/nonexistent"]);
            var check = new NetworkCheck();
            Preflight.Conclude(check, [Sight() with { Root = SHA256.HashData(certificate.RawData) }], added);
            Assert.True(check.Filter);
            Preflight.Conclude(check, [Sight() with { Root = new byte[32] }], added);
            Assert.False(check.Filter);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_reference_answered_from_an_address_that_runs_no_resolver_shows_interception()
    {
        await using var world = new TestWorld();
        world.Names["up.test"] = [world.Address(1)];
        world.Names["whoami.test"] = ["11.9.8.7"];
        await using var proxy = new ScriptedDns(
            (name, type) => [ScriptedDns.Reply(name, type, 0, edns: true, world.Address(1))], ProbeNet.Agent.Probes.ProbeSockets.DnsPort, world.Address(7));
        var plan = new CheckPlan(["https://up.test/"], [])
        {
            NonResolver = IPAddress.Parse(world.Address(7)),
            WhoAmI = ["whoami.test"],
            AsnOf = address => address.ToString() == "11.9.8.7" ? 64511u : 0,
        };
        var check = await world.Checks.GetAsync(plan, "a network", TestContext.Current.CancellationToken);
        Assert.Equal(NetworkStates.Intercepted, check.DnsPath);
        Assert.Equal(64511u, check.ResolverAsn);
        Assert.DoesNotContain("11.9.8.7", check.ToString());
    }

    [Fact]
    public void A_second_failure_after_the_silence_asks_for_a_longer_one()
    {
        var time = new FakeTimeProvider();
        var residual = new ResidualBlocking(time, TimeSpan.FromMinutes(3));
        var peer = IPEndPoint.Parse("8.8.4.4:443");
        residual.Note(peer);
        residual.Note(peer);
        Assert.Equal(TimeSpan.FromMinutes(3), residual.Remaining(peer));
        time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(TimeSpan.Zero, residual.Remaining(peer));
        residual.Note(peer);
        Assert.Equal(TimeSpan.FromMinutes(7), residual.Remaining(peer));
        Assert.Equal(TimeSpan.Zero, residual.Remaining(IPEndPoint.Parse("8.8.4.4:80")));
    }

    static NetworkCheck Concluded(params ReferenceSight[] sights)
    {
        var check = new NetworkCheck();
        Preflight.Conclude(check, sights, new HashSet<string>(StringComparer.Ordinal));
        return check;
    }

    static ReferenceSight Sight(string input = "https://one.example/") => new(new Reference { Input = input }, null, null, null, 0, null, []);

    static ReferenceSight Clear(string input, string redirect) => Sight(input) with { ClearRedirect = redirect, ClearStatus = 302 };

    static ReferenceSight Clock(int minutes) => Sight() with { Skew = TimeSpan.FromMinutes(minutes) };
}
