using ProbeNet.Collector.Api;
using Xunit;

namespace ProbeNet.Collector.Tests.Api;

public sealed class CountTests
{
    const int Fewest = 3;

    [Fact]
    public void Subtracting_a_class_of_numbers_from_another_never_leaves_what_is_surely_some_and_surely_too_few()
    {
        foreach (var (more, less) in from more in Enumerable.Range(0, 40) from less in Enumerable.Range(0, more + 1) select (more, less))
        {
            var (high, low) = (Bounds(more), Bounds(less));
            var (least, most) = (high.Least - low.Most, high.Most - low.Least);
            Assert.False(least >= 1 && most < Fewest, $"{more} and {less}");
        }
    }

    static (int Least, int Most) Bounds(int number)
    {
        var shown = Count.InClass(number);
        return (shown.Least, Enumerable.Range(shown.Least, 1000).Last(other => Count.InClass(other).Equals(shown)));
    }
}
