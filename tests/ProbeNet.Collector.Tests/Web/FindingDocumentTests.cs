using ProbeNet.Collector.Analysis.Events;
using ProbeNet.Collector.Store;
using ProbeNet.Collector.Tests.Analysis.Events;
using ProbeNet.Collector.Tests.Api;
using Xunit;

namespace ProbeNet.Collector.Tests.Web;

/// <summary>A finding as a document: what may be quoted, where it stands, how to answer, and what became of it.</summary>
public sealed class FindingDocumentTests : IAsyncLifetime
{
    WebGround? _web;
    BlockEvent? _event;

    WebGround Web => _web!;

    BlockEvent Event => _event!;

    public async ValueTask InitializeAsync()
    {
        var country = await BlockedCountry.CreateAsync();
        var few = new[] { country.Ground.Volunteer(11, 64502), country.Ground.Volunteer(12, 64502) };
        await country.ReachedAsync(-6, 0);
        await country.ReachedAsync(-6, 0, few);
        await country.DeniedAsync(0, 5);
        await country.ReachedAsync(0, 5, few);
        _event = Assert.Single(await country.EventsAsync()).Event;
        country.Ground.Store.Clock.Advance(TimeSpan.FromHours(25));
        _web = await WebGround.StartAsync(country.Ground, "Collector:Web:Contact=desk@group.example");
    }

    public async ValueTask DisposeAsync()
    {
        if (_web is not null)
            await _web.DisposeAsync();
    }

    [Fact]
    public async Task An_event_says_what_may_be_quoted_of_each_provider_and_what_was_not_covered()
    {
        var main = await Markup.MainAsync(Web, "/events/" + Event.Id);
        var grades = Markup.Rows(Markup.Section(main, "What can be said of each provider").Element("table")!).ToDictionary(row => row.Element("th")!.Text().TrimStart('■', '▲', '◐', '△', '◪', '●', '✕', '⊘', '–'), row => row.Elements("td").First().Text());
        Assert.Equal("1 of 2: Invented Provider 1 (AS64501)", grades["Confirmed"]);
        Assert.Equal("0 of 2", grades["Consistent with blocking"]);
        Assert.Equal("1 of 2: Invented Provider 2 (AS64502)", grades["Not measured enough"]);
        var limits = Markup.Section(main, "What was not covered").Text();
        Assert.Contains("At 1 of 2 providers too few volunteers looked", limits, StringComparison.Ordinal);
        Assert.Contains("Who decided it, and why, cannot be measured.", limits, StringComparison.Ordinal);
        Assert.DoesNotContain("the government", main.Text(), StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("gateway blocks", main.Text(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("/events/{0}")]
    [InlineData("/attribution/KH")]
    public async Task A_document_names_its_address_rules_licence_and_where_to_answer(string path)
    {
        path = path.Replace("{0}", Event.Id, StringComparison.Ordinal);
        var note = (await Markup.MainAsync(Web, path)).Elements("section").Single(section => section.Css() == "document");
        var facts = Markup.Rows(note.Element("table")!).ToDictionary(row => row.Element("th")!.Text(), row => row.Element("td")!);
        Assert.Equal("desk@group.example", facts["Reply"].Text());
        Assert.Equal("mailto:desk@group.example", (string?)facts["Reply"].Element("a")!.Attribute("href"));
        Assert.Equal("CC BY 4.0", facts["Licence"].Text());
        Assert.StartsWith($"version {Collector.Analysis.Findings.Rules.Version}", facts["Rules"].Text(), StringComparison.Ordinal);
        Assert.Equal("/corrections?cc=KH", (string?)facts["Corrections"].Element("a")!.Attribute("href"));
        var permanent = (string)facts["Permanent address"].Element("a")!.Attribute("href")!;
        Assert.Equal(Web.Address.GetLeftPart(UriPartial.Authority) + permanent, facts["Permanent address"].Text());
        // Days later the address still shows the document as of then.
        Web.Ground.Store.Clock.Advance(TimeSpan.FromDays(4));
        var later = (await Markup.MainAsync(Web, permanent)).Elements("section").Single(section => section.Css() == "document");
        Assert.Equal(facts["As of"].Text(), Markup.Rows(later.Element("table")!).Single(row => row.Element("th")!.Text() == "As of").Element("td")!.Text());
        Assert.Equal(facts["Days that it shows"].Text(), Markup.Rows(later.Element("table")!).Single(row => row.Element("th")!.Text() == "Days that it shows").Element("td")!.Text());
    }

    [Fact]
    public async Task Without_a_contact_the_document_says_that_there_is_none()
    {
        await using var silent = await WebGround.StartAsync(Web.Ground);
        Assert.Contains("has named no address for replies", (await Markup.MainAsync(silent, "/events/" + Event.Id)).Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_on_show_and_is_taken_back_stands_in_the_log_of_corrections_by_its_day()
    {
        Assert.Contains("No event was taken back", (await Markup.MainAsync(Web, "/corrections?cc=KH")).Text(), StringComparison.Ordinal);
        await SayAsync(EventStates.Withdrawn, EventContrasts.LaterData, "what came later no longer shows it", "AS64501: 3 -> 2 volunteers");
        // It was recorded today, and a day is everybody's after its delay.
        Assert.DoesNotContain("It was taken back", (await Markup.MainAsync(Web, "/corrections?cc=KH")).Text(), StringComparison.Ordinal);
        Web.Ground.Store.Clock.Advance(TimeSpan.FromHours(48));
        var main = await Markup.MainAsync(Web, "/corrections?cc=KH");
        var row = Assert.Single(Markup.Rows(Markup.Section(main, "Events").Descendants("table").Single()));
        Assert.Equal(["2026-11-21", InventedCountry.Host, "▶ began to be blocked", "It was taken back.", "what came later no longer shows it"], row.Elements().Select(e => e.Text()));
        Assert.DoesNotContain("3 -> 2", main.Text(), StringComparison.Ordinal);
        Assert.Contains("2026-11-21: It was taken back.", Markup.Section(await Markup.MainAsync(Web, "/events/" + Event.Id), "Corrections").Text(), StringComparison.Ordinal);
        Assert.Contains("3 -> 2", (await Markup.MainAsync(Web, "/corrections?cc=KH", await Web.KeyAsync())).Text(), StringComparison.Ordinal);

        await SayAsync(EventStates.Confirmed, null, "status: withdrawn -> confirmed");
        Web.Ground.Store.Clock.Advance(TimeSpan.FromHours(48));
        var both = Markup.Rows(Markup.Section(await Markup.MainAsync(Web, "/corrections?cc=KH"), "Events").Descendants("table").Single());
        Assert.Equal(["It stands again.", "It was taken back."], both.Select(r => r.Elements().ElementAt(3).Text()));
    }

    [Fact]
    public async Task What_something_else_explains_is_in_the_log_though_the_event_is_shown_no_more()
    {
        await SayAsync(EventStates.Withheld, EventContrasts.Elsewhere, "status: confirmed -> withheld (elsewhere)");
        Web.Ground.Store.Clock.Advance(TimeSpan.FromHours(48));
        var row = Assert.Single(Markup.Rows(Markup.Section(await Markup.MainAsync(Web, "/corrections?cc=KH"), "Events").Descendants("table").Single()));
        Assert.Contains("began to fail in other countries", row.Text(), StringComparison.Ordinal);
        Assert.Equal("/cells/KH/" + InventedCountry.Host, (string?)row.Descendants("a").Single().Attribute("href"));
    }

    [Fact]
    public async Task What_was_taken_back_before_it_was_on_show_is_not_told_to_the_public()
    {
        // Found by two volunteers: never on show.
        await SayAsync(EventStates.Withdrawn, EventContrasts.LaterData, "taken back");
        await using (var command = Web.Ground.Store.Source.CreateCommand("update event_isp set units = 2"))
            await command.ExecuteNonQueryAsync(WebGround.Ct);
        Web.Ground.Store.Clock.Advance(TimeSpan.FromHours(48));
        Assert.Contains("No event was taken back", (await Markup.MainAsync(Web, "/corrections?cc=KH")).Text(), StringComparison.Ordinal);
        Assert.Contains("It was taken back", (await Markup.MainAsync(Web, "/corrections?cc=KH", await Web.KeyAsync())).Text(), StringComparison.Ordinal);
    }

    async Task SayAsync(string status, string? reason, params string[] changes)
    {
        await using var connection = await Web.Ground.Store.Source.OpenConnectionAsync(WebGround.Ct);
        await EventTable.WriteAsync(connection, [new(Event with { Status = status, Reason = reason }, changes, Alerts: false)], Web.Ground.Store.Clock.GetUtcNow(), WebGround.Ct);
    }
}
