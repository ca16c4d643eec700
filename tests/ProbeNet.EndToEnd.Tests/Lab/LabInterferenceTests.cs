using System.Runtime.Versioning;
using ProbeNet.Agent.Probes.Path;
using ProbeNet.Lab.Addresses;
using ProbeNet.Lab.Control;
using ProbeNet.Lab.Interference;
using ProbeNet.Lab.Middlebox;
using ProbeNet.Lab.Topology;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Lab;

/// <summary>What the scenarios' table cannot say of the lab's boxes.</summary>
[SupportedOSPlatform("linux")]
public sealed class LabInterferenceTests
{
    const string Blocked = "riverpost.example";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_name_is_read_from_a_hello_in_pieces_whether_packets_or_records_cut_it()
    {
        var hello = await PathPayload.HelloAsync(Blocked, Cancel);
        Assert.Equal((true, true, Blocked), NameReader.Read(hello));
        for (var length = 1; length < hello.Length; length++)
            Assert.False(NameReader.Read(hello.AsSpan(0, length)).Complete);
        for (var length = 1; length < hello.Length - 5; length += 7)
            Assert.Equal((true, true, Blocked), NameReader.Read(InTwoRecords(hello, length)));
    }

    [Fact]
    public async Task A_box_meets_a_hello_that_comes_in_two_packets()
    {
        var site = new AddressPlan(Country.Load("country")).Sites[Blocked].V4;
        await using var lab = await LabProcess.Start();
        await lab.Apply(new Rule("carol", "tls.rst", [Blocked]));
        Assert.NotEqual(0, await Said(Blocked));
        Assert.Equal(0, await Said("weatherdesk.example"));

        // Succeeds where a first byte comes back.
        async Task<int> Said(string name)
        {
            var hello = await PathPayload.HelloAsync(name, Cancel);
            var script = $"exec 3<>/dev/tcp/{site}/443; printf '{Escaped(hello[..100])}' >&3; sleep 0.2; printf '{Escaped(hello[100..])}' >&3; [ $(timeout 3 head -c 1 <&3 | wc -c) = 1 ]";
            return await lab.Wait(await lab.Run("carol-1", ["bash", "-c", script]));
        }
    }

    [Theory]
    [InlineData("alfa", true)]
    [InlineData("carol", true)]
    [InlineData("delta", false)]
    public async Task A_shutdown_of_some_lines_leaves_the_others_of_the_same_provider(string isp, bool ipv6)
    {
        await using var lab = await LabProcess.Start();
        await lab.Apply(new Rule(isp, "shutdown.lines", [isp + "-1", isp + "-3"]));
        foreach (var family in ipv6 ? (string[])["-4", "-6"] : ["-4"])
        {
            Assert.NotEqual(0, await Opens(isp + "-1", family));
            Assert.Equal(0, await Opens(isp + "-2", family));
            Assert.NotEqual(0, await Opens(isp + "-3", family));
        }
        await lab.RemoveRules();
        Assert.Equal(0, await Opens(isp + "-3", "-4"));

        async Task<int> Opens(string home, string family) =>
            await lab.Wait(await lab.Run(home, ["bash", "-c", $"curl --cacert $SSL_CERT_FILE {family} -so /dev/null -m 3 https://weatherdesk.example/"]));
    }

    static byte[] InTwoRecords(byte[] hello, int length)
    {
        var body = hello[5..];
        return [.. hello[..3], (byte)(length >> 8), (byte)length, .. body[..length], .. hello[..3], (byte)((body.Length - length) >> 8), (byte)(body.Length - length), .. body[length..]];
    }

    static string Escaped(byte[] bytes) => string.Concat(bytes.Select(one => $"\\x{one:x2}"));
}
