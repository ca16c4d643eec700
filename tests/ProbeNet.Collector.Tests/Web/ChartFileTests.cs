using ProbeNet.Collector.Web;
using Xunit;

namespace ProbeNet.Collector.Tests.Web;

public sealed class ChartFileTests
{
    [Fact]
    public void A_long_text_is_broken_at_spaces_and_every_text_begins_a_line()
    {
        Assert.Equal(["one two", "three", "four"], ChartFile.Lines(["one two three", "four"], 9));
        Assert.Equal(["one two three"], ChartFile.Lines(["one two three"], 13));
    }

    [Fact]
    public void A_word_longer_than_a_line_is_broken_but_no_letter_is_parted_from_its_signs()
    {
        Assert.Equal(["at", "abcdefghij", "klm end"], ChartFile.Lines(["at abcdefghijklm end"], 10));
        // Four letters, each with a sign of its own: an odd number of places holds one letter fewer.
        Assert.Equal(["កិកិ", "កិកិ"], ChartFile.Lines(["កិកិកិកិ"], 5));
    }
}
