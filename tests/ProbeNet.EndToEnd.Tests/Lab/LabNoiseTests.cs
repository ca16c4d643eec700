using System.Runtime.Versioning;
using ProbeNet.Agent.Probes.Quic;
using ProbeNet.Lab.Control;
using ProbeNet.Lab.Noise;
using ProbeNet.Lab.Sites;
using ProbeNet.Protos;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Lab;

/// <summary>Real packets over lines and sites that are broken without anybody blocking anything.</summary>
[SupportedOSPlatform("linux")]
public sealed class LabNoiseTests
{
    // Without the long form, kinds whose runs prove nothing or whose site decides: a busy machine cannot make them look worse.
    const string Some = "portal,filter.trusted,vpn";

    [Fact]
    public async Task Noise_accuses_nobody()
    {
        string[] size = Environment.GetEnvironmentVariable("PROBENET_FULL") == "1" ? ["--runs", "200"] : ["--runs", "20", "--kinds", Some];
        var (exit, output) = await Shell.Run([LabProcess.Executable, "noise", .. size]);
        Assert.True(exit == 0, output);
        Assert.Contains(" 0 accusations", output, StringComparison.Ordinal);
        Assert.Contains("gate.tunnel", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 3000, 0.000998)]
    [InlineData(1, 100, 0.0466)]
    [InlineData(5, 5, 1)]
    public void The_bound_is_that_of_Clopper_and_Pearson(int accusations, int runs, double bound) =>
        Assert.Equal(bound, NoiseTally.UpperBound(accusations, runs), bound / 100);

    [Fact]
    public void The_responder_answers_what_the_agent_asks()
    {
        byte[] first = [1, 2, 3, 4, 5, 6, 7, 8], own = [8, 7, 6, 5, 4, 3, 2, 1];
        var hello = ClientHello.Write("riverpost.example", own);
        Assert.Equal(QuicReplies.Retry, Reply(QuicPacket.Version1));
        Assert.Equal(QuicReplies.VersionNegotiation, Reply(QuicPacket.ReservedVersion));
        Assert.Null(QuicResponder.Answer(new byte[1200]));

        string Reply(uint version) => QuicReply.Read(QuicResponder.Answer(QuicPacket.Initial(version, first, own, hello)), first, own).Kind;
    }

    // RFC 9001, A.4.
    [Fact]
    public void A_retry_has_the_tag_that_the_standard_computes()
    {
        var head = Convert.FromHexString("ff000000010008f067a5502a4262b5746f6b656e");
        Assert.Equal("04a265ba2eff4d829058fb3f0f2496ba", Convert.ToHexStringLower(QuicResponder.RetryTag(Convert.FromHexString("8394c8f03e515708"), head)));
    }
}
