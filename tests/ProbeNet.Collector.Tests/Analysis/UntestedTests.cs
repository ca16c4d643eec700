using ProbeNet.Collector.Analysis.Controls;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Protos;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis;

public sealed class UntestedTests
{
    const string Site = "https://www.news.example/";
    const string Edge = "8.44.1.1";

    [Fact]
    public void What_no_control_has_tried_is_asked_for_whether_it_works_or_not()
    {
        Assert.Equal([Edge], Asked(Page.Reached(Site, Edge), hours: 1));
        Assert.Empty(Asked(Page.Reached(Site), hours: 1));
    }

    [Theory]
    [InlineData(20, false)]
    [InlineData(8 * 60, true)]
    // Delivered late: a control has looked since.
    [InlineData(-3 * 60, false)]
    public void Where_something_is_wrong_a_sight_of_long_before_is_not_enough(int minutes, bool asked)
    {
        var silent = new Page(Site).System(Page.Truth).Connects(Page.Truth, FailureCodes.GenericTimeout);
        var broken = new Page(Site).System(Page.Truth).Connects(Page.Truth).Shakes(Page.Truth, FailureCodes.ConnectionReset);
        foreach (var page in new[] { silent, broken })
            Assert.Equal(asked ? [Page.Truth] : [], Asked(page, hours: minutes / 60.0));
    }

    [Fact]
    public void A_page_in_clear_text_that_is_cut_or_another_is_wrong_too()
    {
        const string clear = "http://www.news.example/";
        var page = () => new Page(clear).System(Page.Truth).Outside(Page.Truth).Connects(Page.Truth);
        Page[] controls = [page().Gets(Page.Truth), page().Gets(Page.Truth)];
        Assert.Equal([Page.Truth], Asked(page().GetFails(Page.Truth, FailureCodes.ConnectionReset), 5, controls));
        Assert.Equal([Page.Truth], Asked(page().Gets(Page.Truth, 503, "away"), 5, controls));
        Assert.Empty(Asked(page().Gets(Page.Truth), 5, controls));
    }

    [Fact]
    public void Where_there_is_no_address_to_try_the_name_alone_is_asked_for()
    {
        Assert.Equal([null], Asked(new Page(Site).SystemFails(FailureCodes.DnsNxdomain), hours: 5));
        Assert.Equal([null], Asked(new Page(Site).System("127.0.0.1").Connects("127.0.0.1", FailureCodes.ConnectionRefused), hours: 5));
        Assert.Empty(Asked(new Page(Site).SystemFails(FailureCodes.DnsNxdomain), hours: 0.3));
    }

    [Fact]
    public void A_run_that_proves_nothing_asks_for_nothing()
    {
        Assert.Empty(Asked(new Page(Site).SystemFails(FailureCodes.GenericTimeout).ReferenceFails(3), hours: 5));
    }

    static List<string?> Asked(Page page, double hours) => Asked(page, hours, Page.Reached(Site), Page.Reached(Site));

    /// <param name="hours">How long before the volunteer the controls looked.</param>
    static List<string?> Asked(Page page, double hours, params Page[] controls)
    {
        var timeline = new ControlTimeline(controls.Select((one, i) => new ControlSight(Judged.Noon.AddHours(-hours), new Guid(i, 0, 0, new byte[8]), $"AS{i + 1}", one.Observation)));
        var view = timeline.At(Judged.Noon);
        return [.. Untested.Of(page.Observation, FindingJudge.Judge(page.Observation, view, Judged.Context()).Finding, view).Select(address => address?.ToString())];
    }
}
