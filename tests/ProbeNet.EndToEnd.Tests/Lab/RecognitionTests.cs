using System.Globalization;
using System.Net;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using ProbeNet.Agent.Probes.Path;
using ProbeNet.Lab.Control;
using ProbeNet.Lab.Middlebox;
using ProbeNet.Lab.Recognition;
using ProbeNet.Lab.Resolvers;
using Xunit;

namespace ProbeNet.EndToEnd.Tests.Lab;

/// <summary>Whether the agent's traffic can be told from other programs', and whether what we say of it is true.</summary>
[SupportedOSPlatform("linux")]
public sealed partial class RecognitionTests
{
    const int Houses = 8, Samples = 25;

    [Fact]
    public async Task What_volunteers_read_is_what_a_classifier_finds()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("PROBENET_FULL") == "1", "the long form: twelve houses");
        var (exit, output) = await Shell.Run([LabProcess.Executable, "recognise"]);
        Assert.True(exit == 0, output);
        var verdict = Verdict().Match(output);
        Assert.True(verdict.Success, output);
        var area = double.Parse(verdict.Groups["area"].Value, CultureInfo.InvariantCulture);
        Assert.Equal(area > RecognitionReport.Bar, verdict.Groups["word"].Value == "recognisable");
        // While this fails there is something better to tell volunteers: then these texts may change, and not before.
        Assert.Equal(area > RecognitionReport.Bar, Says("agent/README.md", "**recognisable**"));
        Assert.Equal(area > RecognitionReport.Bar, Says("agent/Service/Texts/consent.en.txt", "assume that the traffic of this program can be recognised"));
    }

    [Fact]
    public void Trees_tell_what_no_single_mark_tells()
    {
        var random = new Random(5);
        Sample[] samples = [.. Made(_ => new Marks { ["a.1"] = random.NextDouble() - 0.5, ["a.2"] = random.NextDouble() - 0.5, ["b.1"] = random.NextDouble() })];
        bool Differ(Sample one) => one.Marks["a.1"] > 0 != one.Marks["a.2"] > 0;
        Assert.InRange(Recogniser.Of(samples, Differ, _ => true).Area, 0.95, 1);
        Assert.InRange(Recogniser.Of(samples, Differ, mark => Marks.FamilyOf(mark) == "b").Area, 0.3, 0.7);
    }

    [Fact]
    public void What_only_tells_the_house_tells_nothing_in_another()
    {
        var samples = Made(house => new Marks { ["a.house"] = house }).ToArray();
        var found = Recogniser.Of(samples, one => one.Turn % 2 == 0, _ => true);
        Assert.InRange(found.Area, 0.3, 0.7);
        Assert.InRange(0.5, found.Low, found.High);
    }

    [Fact]
    public void The_area_is_the_chance_that_a_positive_stands_above_a_negative()
    {
        Assert.Equal(0.75, Roc.Area([(0.1, false), (0.4, false), (0.35, true), (0.8, true)]));
        Assert.Equal(0.5, Roc.Area([(1, false), (1, true), (1, true)]));
    }

    [Fact]
    public async Task A_hello_is_read_as_it_was_written()
    {
        var marks = new Marks();
        HelloMarks.Into(marks, await PathPayload.HelloAsync("site.example", TestContext.Current.CancellationToken));
        Assert.All(["tls.named", "tls.alpn.http/1.1", "tls.cipher.1301", "tls.extension.002b"], mark => Assert.Equal(1, marks[mark]));
        Assert.DoesNotContain("tls.malformed", marks.Keys);
        Assert.DoesNotContain(marks.Keys, mark => mark.Contains("site", StringComparison.Ordinal));
    }

    [Fact]
    public void A_capture_gives_back_questions_and_answers()
    {
        var (home, resolver) = (IPAddress.Parse("11.1.1.10"), IPAddress.Parse("11.1.0.53"));
        var query = DnsMessage.Query(7, "site.example");
        var file = Path.GetTempFileName();
        try
        {
            using (var capture = CaptureFile.Create(file))
            {
                Append(capture, 10.0, Forged.Udp(new Flow(home, resolver, 40_000, 53), query, 63));
                Append(capture, 10.25, Forged.Udp(new Flow(resolver, home, 53, 40_000), DnsMessage.Read(query)!.Reply(DnsAnswer.NoSuchName, authoritative: false), 60));
            }
            var one = Assert.Single(Conversation.Read(CaptureFile.Read(file)));
            var marks = ConversationMarks.Of(one);
            Assert.Equal((1, 1, 0, 0.25), (marks["dns.type.1"], marks["dns.code.3"], marks["dns.tail"], Math.Round(marks["time.dns.answer"], 3)));
            Assert.Equal(28 + query.Length, marks["size.dns.out.bytes"]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    static void Append(Stream capture, double at, byte[] packet) =>
        CaptureFile.Append(capture, DateTimeOffset.UnixEpoch.AddSeconds(at), [.. new byte[12], 8, 0, .. packet]);

    static IEnumerable<Sample> Made(Func<int, Marks> marks) =>
        from house in Enumerable.Range(1, Houses)
        from turn in Enumerable.Range(0, Samples)
        select new Sample($"house-{house}", Programs.Curl, turn, marks(house));

    static bool Says(string file, string words) =>
        Blanks().Replace(File.ReadAllText(Path.Combine(Shell.Repository, file)), " ").Contains(words, StringComparison.Ordinal);

    [GeneratedRegex(@"^(?<area>[01]\.\d{3}) \[[^]]+\]; .*: (?<word>recognisable|not recognised by this test)$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Verdict();

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Blanks();
}
