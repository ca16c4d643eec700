using System.Text.RegularExpressions;
using ProbeNet.Collector.Web;
using Xunit;

namespace ProbeNet.Collector.Tests.Web;

public sealed partial class KhmerTests
{
    // Problems' titles, which pages print too.
    static readonly string[] Titles = ["The request cannot be understood.", "Nothing is here.", "An analyst's key is needed.", "This key opens nothing."];

    [Fact]
    public void Whatever_the_pages_say_has_a_text_in_Khmer_and_no_text_is_left_over()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "ProbeNet.sln")))
            folder = folder.Parent!;
        var said = Directory.GetFiles(Path.Combine(folder.FullName, "collector", "Web"), "*.cs")
            .SelectMany(file => Said().Matches(File.ReadAllText(file)).Select(match => match.Groups["text"].Value))
            .Concat(Titles).Concat(Layout.Texts).Concat(StateLook.Texts).Concat(EventLook.Texts).Concat(OrganisationLook.Texts).Concat(Quotable.Texts).Concat(ExplorePage.Texts).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(said.Except(Khmer.Texts.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal));
        Assert.Empty(Khmer.Texts.Keys.Except(said, StringComparer.Ordinal).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_text_in_Khmer_has_the_same_places_for_values() =>
        Assert.Empty(Khmer.Texts.Where(text => !Places(text.Key).SetEquals(Places(text.Value))).Select(text => text.Key));

    static HashSet<string> Places(string text) => [.. Place().Matches(text).Select(match => match.Value)];

    [GeneratedRegex("""\.Say\(\s*"(?<text>[^"]*)""", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Said();

    [GeneratedRegex(@"\{\d\}", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Place();
}
