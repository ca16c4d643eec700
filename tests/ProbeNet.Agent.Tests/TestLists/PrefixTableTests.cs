using System.Net;
using CsCheck;
using Google.Protobuf;
using ProbeNet.Agent.TestLists;
using ProbeNet.Protos.V1;
using Xunit;

namespace ProbeNet.Agent.Tests.TestLists;

public sealed class PrefixTableTests
{
    [Theory]
    [InlineData("192.0.2.0", 1)]
    [InlineData("192.0.2.255", 1)]
    [InlineData("192.0.2.100", 2)]
    [InlineData("192.0.2.120", 1)]
    [InlineData("192.0.3.0", 0)]
    [InlineData("10.0.0.1", 0)]
    [InlineData("::ffff:192.0.2.100", 2)]
    [InlineData("2001:db8::5", 3)]
    [InlineData("2001:db9::5", 0)]
    public void The_innermost_range_tells(string address, uint asn) =>
        Assert.Equal(asn, new PrefixTable(
        [
            Range("192.0.2.0", "192.0.2.255", 1), Range("192.0.2.96", "192.0.2.111", 2), Range("2001:db8::", "2001:db8::ffff", 3),
        ]).Find(IPAddress.Parse(address)).Asn);

    [Fact]
    public void The_search_finds_what_a_look_at_every_range_finds() =>
        Gen.Select(Gen.Byte, Gen.Byte).Array[0, 20].Select(Gen.Byte).Sample((pairs, at) =>
        {
            var ranges = pairs.Select((pair, i) => (First: Math.Min(pair.Item1, pair.Item2), Last: Math.Max(pair.Item1, pair.Item2), Asn: (uint)i + 1)).ToArray();
            var table = new PrefixTable(ranges.Select(r => Range($"192.0.2.{r.First}", $"192.0.2.{r.Last}", r.Asn)));
            var found = table.Find(IPAddress.Parse($"192.0.2.{at}")).Asn;
            var holding = ranges.Where(r => r.First <= at && at <= r.Last).ToArray();
            return holding.Length == 0 ? found == 0 : holding.Any(r => r.Asn == found && r.First == holding.Max(h => h.First));
        });

    static Prefix Range(string first, string last, uint asn) => new()
    {
        First = ByteString.CopyFrom(IPAddress.Parse(first).GetAddressBytes()),
        Last = ByteString.CopyFrom(IPAddress.Parse(last).GetAddressBytes()),
        Asn = asn,
        Cc = "KH",
    };
}
