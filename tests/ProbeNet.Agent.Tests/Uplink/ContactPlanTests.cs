using ProbeNet.Agent.Uplink;
using Xunit;

namespace ProbeNet.Agent.Tests.Uplink;

public sealed class ContactPlanTests
{
    static readonly TimeSpan Delay = TimeSpan.FromMinutes(10);

    [Fact]
    public void Brief_contacts_are_two_to_six_a_day_and_no_two_gaps_alike()
    {
        var plan = new ContactPlan(SessionMode.Brief, Delay, new(1));
        var gaps = Enumerable.Range(0, 1000).Select(_ => plan.AfterSuccess()).ToArray();
        Assert.All(gaps, gap => Assert.InRange(gap.TotalHours, 4, 12));
        Assert.Equal(gaps.Length, gaps.Distinct().Count());
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.InRange(plan.AtStart(), TimeSpan.Zero, Delay));
    }

    [Fact]
    public void Brief_sessions_fall_silent_when_the_collector_cannot_be_reached()
    {
        var plan = new ContactPlan(SessionMode.Brief, Delay, new(1));
        Assert.All(Enumerable.Range(0, 1000), _ => Assert.InRange(plan.AfterFailure(wasWelcomed: false).TotalHours, 2, 6));
    }

    [Fact]
    public void Standing_sessions_come_back_ever_more_slowly_up_to_five_minutes()
    {
        var plan = new ContactPlan(SessionMode.Standing, Delay, new(1));
        var waits = Enumerable.Range(0, 20).Select(_ => plan.AfterFailure(wasWelcomed: false).TotalSeconds).ToArray();
        for (var i = 0; i < waits.Length; i++)
            Assert.InRange(waits[i], 0.5 * Math.Min(300, Math.Pow(2, i)), Math.Min(300, Math.Pow(2, i)));
        Assert.InRange(plan.AfterFailure(wasWelcomed: true).TotalSeconds, 0.5, 1);
        plan.AfterSuccess();
        Assert.InRange(plan.AfterFailure(wasWelcomed: false).TotalSeconds, 0.5, 1);
    }

    [Fact]
    public void No_delay_sends_at_once_and_retries_soon()
    {
        var plan = new ContactPlan(SessionMode.Brief, TimeSpan.Zero, new(1));
        Assert.True(plan.SendsAtOnce);
        Assert.Equal((TimeSpan.Zero, TimeSpan.Zero), (plan.AtStart(), plan.UploadDelay()));
        Assert.InRange(plan.AfterFailure(wasWelcomed: false).TotalSeconds, 0.5, 1);
        Assert.False(new ContactPlan(SessionMode.Brief, Delay, new(1)).SendsAtOnce);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("socks5://127.0.0.1:9050", true)]
    [InlineData("http://proxy.example:3128", true)]
    [InlineData("ftp://proxy.example", false)]
    [InlineData("proxy.example:3128", false)]
    public void A_proxy_is_http_or_socks5(string proxy, bool isValid) =>
        Assert.Equal(isValid, new UplinkOptions { Upload = new() { Proxy = proxy } }.IsValid());
}
