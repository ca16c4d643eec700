using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Analysis.Fingerprints;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis;

public sealed class FingerprintTests
{
    const string Header = "name,scope,other_names,location_found,pattern_type,pattern,confidence_no_fp,expected_countries,source,exp_url,notes";

    static Fingerprint[] Read(string text) => [.. FingerprintFile.Read(new StringReader(text), "list.csv")];

    [Fact]
    public void Quoted_fields_hold_commas_quotes_and_line_ends()
    {
        var fingerprint = Assert.Single(Read($"{Header}\nx,isp,,body,contains,\"<h1>a, \"\"b\"\"\nc</h1>\",5,\"AE,SA\",me,,\r\n"));
        Assert.Equal("<h1>a, \"b\"\nc</h1>", fingerprint.Pattern.Text);
        Assert.True(fingerprint.ExpectedIn("sa"));
        Assert.False(fingerprint.ExpectedIn("KH"));
    }

    [Fact]
    public void A_missing_column_or_field_is_named_with_its_line()
    {
        Assert.Contains("pattern_type", Assert.Throws<InvalidDataException>(() => Read("name,scope,location_found,pattern,expected_countries\n")).Message, StringComparison.Ordinal);
        Assert.Contains("line 3", Assert.Throws<InvalidDataException>(() => Read($"{Header}\nx,isp,,dns,full,1.2.3.4,5,KH,,,\ny,isp\n")).Message, StringComparison.Ordinal);
        Assert.Contains("no header", Assert.Throws<InvalidDataException>(() => Read("")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pattern_that_cannot_be_used_is_left_out() =>
        Assert.Equal("good", Assert.Single(Read($"{Header}\nbad,isp,,body,regexp,\"(\",5,,,,\ngood,isp,,body,regexp,\"a+\",5,,,,\n")).Name);

    [Fact]
    public void A_full_title_in_a_body_pattern_is_matched_on_the_title()
    {
        var set = new FingerprintSet(Read($"{Header}\nx,isp,,body,contains,<title>Access to this site is denied</title>,5,KH,,,\n"), "v");
        var exchange = new Page("http://a.example/").Gets("8.8.4.4", title: "Access to this site is denied").Observation.Http[0];
        Assert.Equal("x", set.OfExchange(exchange, "KH")!.Name);
        Assert.Null(set.OfExchange(exchange, "SE"));
    }

    [Fact]
    public void The_published_list_is_read_whole()
    {
        string[] files = [Path.Combine(SharedData, "fingerprints_dns.csv"), Path.Combine(SharedData, "fingerprints_http.csv")];
        Assert.SkipUnless(files.All(File.Exists), "the published fingerprint lists are not here");
        var set = FingerprintFile.Load(files);
        // 226 and 1729 lines, of which three repeat a name.
        Assert.Equal(226 + 1729 - 3, set.Count);
        Assert.Equal("ooni.kh_dns_1", set.OfAnswer(System.Net.IPAddress.Parse("36.37.242.94"), "KH")!.Name);
        Assert.Null(set.OfAnswer(System.Net.IPAddress.Parse("36.37.242.94"), "VN"));
    }

    internal static string SharedData => Environment.GetEnvironmentVariable("PROBENET_SHARED_DATA") ?? Path.Combine(Root, "..", "shared", "data");

    internal static string Root
    {
        get
        {
            var directory = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(directory.FullName, "ProbeNet.sln")))
                directory = directory.Parent!;
            return directory.FullName;
        }
    }
}
