using System.IO.Compression;
using System.Net;
using System.Text;
using ProbeNet.Collector.Observations;
using Xunit;

namespace ProbeNet.Collector.Tests.Observations;

public sealed class AsnTableTests
{
    const string Tsv = """
        11.1.0.0	11.1.255.255	64501	KH	Mekong Net
        11.0.0.0	11.0.0.255	64500	KH	Angkor Line
        11.2.0.0	11.2.0.255	0	None	Not routed
        2a0b:1::	2a0b:1:ffff:ffff:ffff:ffff:ffff:ffff	64501	KH	Mekong Net
        11.9.0.0	11.9.0.255	64509	FR	Control House

        """;

    [Theory]
    [InlineData("11.0.0.0", 64500)]
    [InlineData("11.0.0.255", 64500)]
    [InlineData("11.1.77.3", 64501)]
    [InlineData("::ffff:11.1.77.3", 64501)]
    [InlineData("2a0b:1:2::3", 64501)]
    public void An_address_inside_a_range_finds_its_network(string address, int asn)
    {
        Assert.True(Table(Tsv).TryFind(IPAddress.Parse(address), out var network));
        Assert.Equal((uint)asn, network.Asn);
        Assert.Equal("KH", network.Cc);
    }

    [Theory]
    [InlineData("10.255.255.255")]
    [InlineData("11.0.1.0")]
    [InlineData("11.2.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("2a0b:2::")]
    [InlineData("::1")]
    public void An_address_outside_every_announced_range_finds_none(string address) =>
        Assert.False(Table(Tsv).TryFind(IPAddress.Parse(address), out _));

    [Fact]
    public void Gzip_reads_like_plain_text()
    {
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
            gzip.Write(Encoding.UTF8.GetBytes(Tsv));
        packed.Position = 0;
        Assert.Equal(Table(Tsv).Count, AsnTable.Read(packed).Count);
    }

    [Fact]
    public void Names_and_the_ranges_of_a_country_are_known()
    {
        var table = Table(Tsv);
        Assert.Equal("Mekong Net", table.NameOf(64501));
        Assert.Null(table.NameOf(1));
        Assert.Equal(["11.0.0.0", "11.1.0.0", "2a0b:1::"], table.RangesOf("kh").Select(range => new IPAddress(range.First).ToString()));
        Assert.Equal("11.1.255.255", new IPAddress(table.RangesOf("KH").ElementAt(1).Last).ToString());
    }

    [Theory]
    [InlineData("11.0.0.0\t11.0.0.255\n")]
    [InlineData("11.0.0.0\t11.0.0.255\tAS1\tKH\tX\n")]
    [InlineData("11.0.0.9\t11.0.0.1\t1\tKH\tX\n")]
    [InlineData("11.0.0.0\t2a0b::\t1\tKH\tX\n")]
    public void A_line_that_is_no_range_is_named(string line)
    {
        var error = Assert.Throws<InvalidDataException>(() => Table("11.3.0.0\t11.3.0.1\t5\tKH\tX\n" + line));
        Assert.StartsWith("line 2:", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_mmdb_database_reads_like_text()
    {
        var table = AsnTable.Read(new MemoryStream(TinyMmdb.Build(IPAddress.Parse("11.0.0.0"), 8, 64500, "Angkor Line")));
        Assert.True(table.TryFind(IPAddress.Parse("11.200.3.4"), out var network));
        Assert.Equal(new AsnNetwork(64500, "", "Angkor Line"), network);
        Assert.False(table.TryFind(IPAddress.Parse("12.0.0.0"), out _));
    }

    [Fact]
    public void A_cut_mmdb_database_is_an_error()
    {
        var bytes = TinyMmdb.Build(IPAddress.Parse("11.0.0.0"), 8, 64500, "Angkor Line");
        Assert.Throws<InvalidDataException>(() => AsnTable.Read(new MemoryStream(bytes[..^20])));
    }

    static AsnTable Table(string text) => AsnTable.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)));
}
