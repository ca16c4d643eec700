using System.Net;
using System.Text;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Privacy;

public sealed class AddressSearchTests : IDisposable
{
    static readonly IPAddress Volunteer = IPAddress.Parse("11.3.77.201");
    static readonly IPAddress Volunteer6 = IPAddress.Parse("2a0b:77c1:3::c9:1");

    readonly string _folder = Directory.CreateTempSubdirectory("probenet-search-").FullName;

    [Theory]
    [InlineData("11.3.77.201")]
    [InlineData("2a0b:77c1:3::c9:1")]
    public void Every_form_is_found_wherever_it_lies(string text)
    {
        var address = IPAddress.Parse(text);
        var search = new AddressSearch(address);
        foreach (var form in AddressForms.Of(address))
        {
            foreach (var at in new[] { 0, 5, (1 << 20) - 3, (1 << 20) + 126, (1 << 21) + 11 })
            {
                var bytes = new byte[(1 << 21) + 200];
                Array.Fill(bytes, (byte)' ');
                form.Bytes.CopyTo(bytes, at);
                var file = Path.Combine(_folder, "file");
                File.WriteAllBytes(file, bytes);
                Assert.Contains(search.In(_folder), sighting => sighting.Form == form.Name && sighting.Offset == at);
            }
        }
    }

    [Fact]
    public void Base64_is_found_at_every_alignment()
    {
        var search = new AddressSearch(Volunteer, Volunteer6);
        foreach (var address in new[] { Volunteer, Volunteer6 })
        {
            for (var before = 0; before < 6; before++)
            {
                var encoded = Convert.ToBase64String([.. Encoding.ASCII.GetBytes("before"[..before]), .. address.GetAddressBytes(), .. "after"u8]);
                Assert.Contains(search.InBytes(Encoding.ASCII.GetBytes(encoded), "memory"), sighting => sighting.Address.Equals(address));
            }
        }
    }

    [Fact]
    public void What_is_not_there_is_not_found()
    {
        File.WriteAllText(Path.Combine(_folder, "log"), "started 11.3.77.20 11.3.77.202 2a0b:77c1:3::c9:2");
        Assert.Empty(new AddressSearch(IPAddress.Parse("11.3.78.201"), Volunteer6).In(_folder));
    }

    [Fact]
    public void One_short_sighting_and_its_copies_are_chance_and_two_are_not()
    {
        var search = new AddressSearch(Volunteer);
        var once = new Sighting(Volunteer, "raw", "a", 1, IsShort: true, "00-00");
        Assert.Empty(search.BeyondChance([once]));
        Assert.Empty(search.BeyondChance([once, once with { Offset = 9 }]));
        Assert.Empty(search.BeyondChance([once, once with { Place = "b", Around = "01-00" }]));
        Assert.Equal(2, search.BeyondChance([once, once with { Offset = 9, Around = "01-00" }]).Count);
        Assert.Single(search.BeyondChance([once with { IsShort = false }]));
    }

    [Fact]
    public void What_is_seen_no_more_often_than_addresses_that_nobody_has_is_chance()
    {
        byte[] counters = [.. Enumerable.Range(0, 4).SelectMany(count => new byte[] { 10, 3, 77, 201, (byte)count, 11, 3, 77, 201, (byte)(count * 7) })];
        var search = new AddressSearch(Volunteer);
        Assert.Equal(4, search.InBytes(counters, "pages").Count(sighting => sighting.Address.Equals(Volunteer)));
        Assert.Empty(search.BeyondChance([.. search.InBytes(counters, "pages")]));
        byte[] leak = [.. counters, .. Enumerable.Range(0, 5).SelectMany(count => new byte[] { 11, 3, 77, 201, (byte)(100 + count) })];
        Assert.NotEmpty(search.BeyondChance([.. search.InBytes(leak, "pages")]));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
