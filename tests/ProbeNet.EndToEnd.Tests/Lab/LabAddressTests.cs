using System.Net;
using System.Runtime.Versioning;
using ProbeNet.Lab.Addresses;
using ProbeNet.Lab.Control;
using ProbeNet.Lab.Topology;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Lab;

/// <summary>Houses, carriers' NAT, both families, and who is told of whom.</summary>
[SupportedOSPlatform("linux")]
public sealed class LabAddressTests : IDisposable
{
    readonly DirectoryInfo _outputs = Directory.CreateTempSubdirectory("probenet-addresses-");

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_address_of_a_volunteer_and_a_reader_is_listed_and_is_the_hosts()
    {
        await using var lab = await LabProcess.Start();
        var addresses = await lab.Addresses();
        Assert.Equal(["carrier", "home", "hop", "line", "public", "reader", "resolver"], addresses.Select(one => one.Kind).Distinct().Order(StringComparer.Ordinal));
        foreach (var host in new[] { "alfa-1", "carol-2", "delta-3", "reader" })
        {
            var own = addresses.Where(one => one.Host == host && one.Kind is "home" or "reader" && one.Host == host).Select(one => one.Address).ToArray();
            var listed = await Output(lab, host, "ip -o addr show scope global | awk '{sub(\"/.*\", \"\", $4); print $4}'");
            Assert.All(own, address => Assert.Contains(address, listed.Split('\n')));
            Assert.Equal(host == "delta-3" ? 1 : 2, own.Length);
        }
    }

    [Theory]
    [InlineData("alfa-1", "11.1.1.10")]
    [InlineData("carol-3", "11.3.0.200", "11.3.0.201")]
    public async Task The_world_sees_the_line_and_not_the_house(string home, params string[] seen)
    {
        await using var lab = await LabProcess.Start();
        var answer = await Output(lab, home, Asks(AddressPlan.Authority.V4));
        Assert.Contains(answer.Trim(), seen);
    }

    [Fact]
    public async Task A_resolver_in_the_house_hides_behind_the_isps()
    {
        await using var lab = await LabProcess.Start();
        Assert.Equal("11.1.0.53", (await Output(lab, "alfa-1", "getent ahostsv4 whoami.example | awk 'NR==1 {print $1}'")).Trim());
    }

    [Fact]
    public async Task Both_families_reach_sites_resolvers_and_the_collector()
    {
        await using var lab = await LabProcess.Start();
        foreach (var name in new[] { "weatherdesk.example", "collector.example", "dns.example" })
            Assert.Equal("2", (await Output(lab, "bravo-2", $"getent ahosts {name} | awk '{{print $1}}' | sort -u | wc -l")).Trim());
        Assert.Equal("200", await Output(lab, "bravo-2", "curl --cacert $SSL_CERT_FILE -6so /dev/null -w '%{http_code}' https://weatherdesk.example/"));
        Assert.Equal("000", await Output(lab, "delta-1", "curl --cacert $SSL_CERT_FILE -6so /dev/null -w '%{http_code}' https://weatherdesk.example/; true"));
    }

    [Fact]
    public void The_table_of_networks_holds_every_public_address_of_both_families()
    {
        var country = Country.Load("country");
        var plan = new AddressPlan(country);
        var ranges = plan.AsnTable().Select(line => line.Split('\t')).Select(fields => (First: Bytes(fields[0]), Last: Bytes(fields[1]), Asn: fields[2])).ToArray();
        var lines = Volunteers.Addresses(country, plan).Where(one => one.Kind is "line" or "public" || one.Address.StartsWith("2d0b:", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(lines);
        Assert.All(lines, one => Assert.Equal(
            one.Kind == "reader" ? "64580" : $"{country.Isps.Single(isp => one.Host.StartsWith(isp.Name, StringComparison.Ordinal)).Asn}", Find(Bytes(one.Address))));

        string Find(byte[] address) => ranges.Single(range => range.First.Length == address.Length
            && range.First.AsSpan().SequenceCompareTo(address) <= 0 && range.Last.AsSpan().SequenceCompareTo(address) >= 0).Asn;
    }

    public void Dispose() => _outputs.Delete(recursive: true);

    static byte[] Bytes(string address) => IPAddress.Parse(address).GetAddressBytes();

    /// <summary>The authority answers this name with the address it was asked from.</summary>
    static string Asks(IPAddress server) =>
        $"exec 3<>/dev/udp/{server}/53; printf '\\x00\\x01\\x01\\x00\\x00\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x06whoami\\x07example\\x00\\x00\\x01\\x00\\x01' >&3; "
        + "dd bs=4096 count=1 <&3 2>/dev/null | tail -c 4 | od -An -tu1 | awk '{print $1\".\"$2\".\"$3\".\"$4}'";

    async Task<string> Output(LabProcess lab, string host, string script)
    {
        var output = Path.Combine(_outputs.FullName, "output");
        var exit = await lab.Wait(await lab.Run(host, ["bash", "-c", script], output: output));
        var text = await File.ReadAllTextAsync(output, Cancel);
        Assert.True(exit == 0, text);
        return text;
    }
}
