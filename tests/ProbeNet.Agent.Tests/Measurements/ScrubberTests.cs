using System.Net;
using System.Text;
using CsCheck;
using Google.Protobuf;
using ProbeNet.Agent.Measurements;
using ProbeNet.Protos.V1;
using Xunit;

namespace ProbeNet.Agent.Tests.Measurements;

public sealed class ScrubberTests
{
    static readonly IReadOnlySet<IPAddress> NoAnswers = new HashSet<IPAddress>();

    static readonly Gen<IPAddress> Public4 = Gen.Byte.Array[4].Where(bytes => bytes[0] is > 0 and < 224 and not 127).Select(bytes => new IPAddress(bytes));

    static readonly Gen<IPAddress> Public6 = Gen.Byte.Array[16].Select(bytes => new IPAddress([0x24, 0x05, .. bytes[2..]]));

    static readonly string[] Places = ["", " ", "<p>", "your ip: ", "x=", "/", "\n", "(", "នេះ ", "id-", "&ip=", "\""];

    static readonly Gen<string> Around = Gen.Int[0, Places.Length - 1].Select(i => Places[i]);

    static readonly Func<IPAddress, string>[] Spellings =
    [
        address => address.ToString(),
        address => address.ToString().ToUpperInvariant(),
        address => Uri.EscapeDataString(address.ToString()),
        address => address.ToString().Replace(".", "%2e", StringComparison.Ordinal).Replace(":", "%3a", StringComparison.Ordinal),
        address => address.ToString().Replace(".", "&#46;", StringComparison.Ordinal).Replace(":", "&#58;", StringComparison.Ordinal),
        address => address.ToString().Replace('.', '-').Replace(':', '-'),
        address => Convert.ToHexString(address.GetAddressBytes()),
        address => Convert.ToHexStringLower(address.GetAddressBytes()),
        address => Convert.ToBase64String(address.GetAddressBytes()),
        address => Convert.ToBase64String(Encoding.ASCII.GetBytes(address.ToString())),
        address => Convert.ToBase64String(Encoding.ASCII.GetBytes("ip=" + address + "&user")),
        address => Convert.ToHexStringLower(Encoding.ASCII.GetBytes(address.ToString())),
        address => string.Concat(Encoding.ASCII.GetBytes(address.ToString()).Select(b => $"%{b:X2}")),
        address => string.Concat(address.ToString().Select(c => $"&#{(int)c};")),
        address => address.MapToIPv6().ToString(),
        address => string.Join(':', address.GetAddressBytes().Length == 16 ? address.GetAddressBytes().Chunk(2).Select(Convert.ToHexStringLower) : [address.ToString()]),
    ];

    [Fact]
    public void A_secret_planted_in_any_spelling_at_any_place_does_not_survive() =>
        Gen.Select(Gen.OneOf(Public4, Public6), Gen.Int[0, Spellings.Length - 1], Around, Around, Gen.Bool).Sample((secret, spelling, before, after, planted) =>
        {
            var written = Spellings[spelling](secret);
            var other = IPAddress.Parse("9.8.7.6");
            var scrubber = new Scrubber(planted ? [secret, other] : [other, secret]);
            var text = before + written + after;
            var scrubbed = scrubber.Text(text, NoAnswers);
            Assert.DoesNotContain(written, scrubbed, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(secret.ToString(), WebUtility.HtmlDecode(Uri.UnescapeDataString(scrubbed)), StringComparison.OrdinalIgnoreCase);
            Assert.False(scrubber.Finds(scrubbed));
        });

    [Theory]
    [InlineData("call 012 345 678 now", "call [scrubbed] now")]
    [InlineData("call +855-12-345-678", "call +[scrubbed]")]
    [InlineData("account 123456", "account [scrubbed]")]
    [InlineData("account 12345", "account 12345")]
    [InlineData("លេខ ១២៣៤៥៦៧", "លេខ [scrubbed]")]
    [InlineData("mac 00:1b:44:11:3a:b7 here", "mac [scrubbed] here")]
    [InlineData("from 198.51.100.7 via 10.0.0.1", "from [scrubbed] via [scrubbed]")]
    [InlineData("from 2001:db8::7!", "from [scrubbed]!")]
    [InlineData("plain words stay 2024", "plain words stay 2024")]
    [InlineData("MTk4LjUxLjEwMC43", "[scrubbed]")]
    public void What_looks_like_an_address_or_a_number_is_replaced(string text, string expected) =>
        Assert.Equal(expected, new Scrubber([]).Text(text, NoAnswers));

    [Fact]
    public void An_answer_of_the_measurement_stays_unless_it_is_the_own_address()
    {
        var answer = IPAddress.Parse("93.184.216.34");
        var answers = new HashSet<IPAddress> { answer };
        Assert.Equal("at 93.184.216.34", new Scrubber([]).Text("at 93.184.216.34", answers));
        Assert.Equal("at [scrubbed]", new Scrubber([answer]).Text("at 93.184.216.34", answers));
    }

    [Fact]
    public void An_answer_that_is_the_home_router_becomes_its_range()
    {
        var router = IPAddress.Parse("192.168.1.1");
        var facts = Facts(router);
        Assert.True(FactsScrubber.TryScrub(facts, [], new Scrubber([router]), out var scrubbed));
        Assert.Equal(IPAddress.Parse("192.168.0.0").GetAddressBytes(), scrubbed.Dns[0].Replies[0].Answers[0].Address);
        Assert.Contains(FactsScrubber.OwnAddressAnswered, scrubbed.Limitations);
        Assert.Equal(router.GetAddressBytes(), facts.Dns[0].Replies[0].Answers[0].Address);
    }

    [Fact]
    public void Another_bogon_stays_as_it_was_answered()
    {
        Assert.True(FactsScrubber.TryScrub(Facts(IPAddress.Parse("10.10.34.34")), [], new Scrubber([IPAddress.Parse("192.168.1.5")]), out var scrubbed));
        Assert.Equal(new byte[] { 10, 10, 34, 34 }, scrubbed.Dns[0].Replies[0].Answers[0].Address);
    }

    [Fact]
    public void A_certificate_that_names_the_volunteer_stops_the_measurement()
    {
        var secret = IPAddress.Parse("203.0.113.9");
        var facts = Facts(IPAddress.Parse("93.184.216.34"));
        byte[][] named = [[1, 2, .. Encoding.ASCII.GetBytes("CN=203.0.113.9"), 3]];
        Assert.False(FactsScrubber.TryScrub(facts, named, new Scrubber([secret]), out _));
        Assert.True(FactsScrubber.TryScrub(facts, named, new Scrubber([]), out _));
    }

    static Facts Facts(IPAddress answer)
    {
        var reply = new DnsReply();
        reply.Answers.Add(new DnsAnswer { Address = ByteString.CopyFrom(answer.GetAddressBytes()) });
        var query = new DnsQuery { Hostname = "site.test" };
        query.Replies.Add(reply);
        var facts = new Facts { Input = "https://site.test/" };
        facts.Dns.Add(query);
        return facts;
    }
}
