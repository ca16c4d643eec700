using ProbeNet.Agent.Service;
using Xunit;

namespace ProbeNet.Agent.Tests.Service;

public sealed class DurationsTests
{
    [Theory]
    [InlineData("90s", 90)]
    [InlineData("30m", 1_800)]
    [InlineData("2h", 7_200)]
    [InlineData("1d", 86_400)]
    [InlineData("01:30:00", 5_400)]
    public void Spans_are_read_as_people_write_them(string text, int seconds)
    {
        Assert.True(Durations.TryParse(text, out var span));
        Assert.Equal(TimeSpan.FromSeconds(seconds), span);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0h")]
    [InlineData("-1h")]
    [InlineData("2")]
    [InlineData("h")]
    [InlineData("2w")]
    [InlineData("99999999999d")]
    [InlineData("-01:00:00")]
    public void Anything_else_is_no_span(string text) => Assert.False(Durations.TryParse(text, out _));

    [Fact]
    public void Since_is_a_day_a_time_or_a_span_before_now()
    {
        var now = new DateTimeOffset(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

        Assert.True(Durations.TryParseSince("2026-03-01", now, out var day));
        Assert.True(Durations.TryParseSince("3d", now, out var span));
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero), day);
        Assert.Equal(now.AddDays(-3), span);
    }
}
