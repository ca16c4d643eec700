using System.Net;
using CsCheck;
using ProbeNet.Agent.Probes.Dns;
using ProbeNet.Protos;
using Xunit;

namespace ProbeNet.Agent.Tests.Probes;

public sealed class DnsMessageTests
{
    static readonly byte[] Reply = ScriptedDns.Reply("www.example.test", 1, 0, edns: true, "93.184.216.34", "93.184.216.35");

    [Fact]
    public void A_query_is_what_the_standard_says()
    {
        var query = DnsMessage.WriteQuery(0x1234, "a.bc", DnsMessage.TypeAaaa);
        Assert.Equal(
            "12340120000100000000000101610262630000" + "1C0001" + "00002904D0000000000000",
            Convert.ToHexString(query));
    }

    [Fact]
    public void A_reply_is_read_with_its_answers_and_flags()
    {
        Assert.True(DnsMessage.TryRead(Reply, out var message));
        Assert.Equal(("www.example.test", (ushort)1), message.Question);
        Assert.Equal(["93.184.216.34", "93.184.216.35"], message.Answers.Select(answer => new IPAddress(answer.Address.Span).ToString()));
        Assert.True(message is { IsReply: true, Edns: true, Rcode: 0, Truncated: false });
    }

    [Fact]
    public void A_name_whose_pointers_run_in_a_circle_is_refused()
    {
        byte[] circle = [.. Reply[..12], 0xC0, 12, 0, 1, 0, 1];
        Assert.False(DnsMessage.TryRead(circle, out _));
    }

    [Fact]
    public void No_bytes_make_the_reader_throw() =>
        Gen.Byte.Array[0, 300].Sample(bytes => DnsMessage.TryRead(bytes, out _) || true, iter: 20_000);

    [Fact]
    public void No_change_or_cut_of_a_reply_makes_the_reader_throw() =>
        Gen.Select(Gen.Int[0, Reply.Length], Gen.Int[0, Reply.Length - 1].Array[0, 8], Gen.Byte.Array[8]).Sample((length, places, values) =>
        {
            var bytes = Reply.ToArray();
            for (var i = 0; i < places.Length; i++)
                bytes[places[i]] = values[i];
            var reply = DnsReplies.Read(bytes.AsSpan(0, length), 0, "www.example.test", 1);
            return reply.Size == length;
        }, iter: 20_000);

    [Theory]
    [InlineData(0, FailureCodes.DnsNoAnswer)]
    [InlineData(2, FailureCodes.DnsServfail)]
    [InlineData(3, FailureCodes.DnsNxdomain)]
    [InlineData(5, FailureCodes.DnsRefused)]
    [InlineData(4, FailureCodes.DnsServerMisbehaving)]
    public void Every_kind_of_denial_has_its_code(int rcode, string failure) =>
        Assert.Equal(failure, DnsReplies.Read(ScriptedDns.Reply("a.test", 1, rcode, edns: false), 0, "a.test", 1).Failure);

    [Fact]
    public void A_reply_to_another_question_is_kept_and_not_used()
    {
        var reply = DnsReplies.Read(Reply, 0, "other.test", 1);
        Assert.Equal(FailureCodes.DnsServerMisbehaving, reply.Failure);
        Assert.Equal(2, reply.Answers.Count);
        Assert.False(DnsReplies.IsUsable(reply));
    }

    [Theory]
    [InlineData("system", "system", null, 53)]
    [InlineData("udp://9.9.9.9", "udp", "9.9.9.9", 53)]
    [InlineData("udp://9.9.9.9:5353", "udp", "9.9.9.9", 5353)]
    [InlineData("tcp://[2620:fe::fe]", "tcp", "2620:fe::fe", 53)]
    [InlineData("tls://dns.example#9.9.9.9", "tls", "9.9.9.9", 853)]
    [InlineData("https://dns.example/dns-query#9.9.9.9", "https", "9.9.9.9", 443)]
    [InlineData("https://dns.example/dns-query", "https", null, 443)]
    public void A_resolver_is_read(string text, string engine, string? address, int port)
    {
        Assert.True(ResolverAddress.TryParse(text, out var resolver));
        Assert.Equal((engine, address, port), (resolver.Engine, resolver.Address?.ToString(), resolver.Port));
    }

    [Theory]
    [InlineData("")]
    [InlineData("9.9.9.9")]
    [InlineData("udp://dns.example")]
    [InlineData("ftp://9.9.9.9")]
    [InlineData("https://dns.example/dns-query#nonsense")]
    public void What_is_no_resolver_is_refused(string text) => Assert.False(ResolverAddress.TryParse(text, out _));
}
