using ProbeNet.Collector.Api;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Web;

/// <summary>The overview, the list of events and each event: read through the same classes as REST, then drawn.</summary>
sealed class EventPages(PageFrame frame, EventReading events, CellReading cells, TimelineReading timelines, CorrectionReading corrections,
    CellWindows countries, Publication publication, MatrixReading names, DocumentNote documents, TimeProvider time)
{
    // Days that are shown around an event.
    const int Before = 4;
    const int After = 5;
    const int MostBetween = 60;

    public async Task<IResult> OverviewAsync(Asked asked, HttpContext context)
    {
        var (reader, ct) = (Reader.Of(asked.Caller, context.Request), context.RequestAborted);
        var (newest, _, problem) = await events.ListAsync(asked.Caller, asked.Filter, ct);
        if (problem is not null)
            return await frame.ProblemAsync(problem, reader, ct);
        var matrices = new List<MatrixView>();
        foreach (var cc in (await countries.CountriesAsync(ct)).Where(cc => asked.Filter.Cc is null || cc == asked.Filter.Cc))
            if ((await cells.MatrixAsync(asked.Caller, asked.Filter with { Cc = cc }, ct)).Matrix is { } matrix)
                matrices.Add(matrix);
        return await frame.ShowAsync(reader.Say("Overview"),
            OverviewPage.Content([.. newest.Take(OverviewPage.MostEvents)], matrices, WhyNone(asked, reader), time.GetUtcNow(), reader), reader, ct);
    }

    public async Task<IResult> ListAsync(Asked asked, HttpContext context)
    {
        var (reader, ct) = (Reader.Of(asked.Caller, context.Request), context.RequestAborted);
        var (found, next, problem) = await events.ListAsync(asked.Caller, asked.Filter, ct);
        return problem is not null
            ? await frame.ProblemAsync(problem, reader, ct)
            : await frame.ShowAsync(reader.Say("Events"), EventListPage.Content(
                found, asked.Filter, await countries.CountriesAsync(ct), WhyNone(asked, reader), next is { } cursor ? reader.With("cursor", cursor.ToString()) : null, reader), reader, ct);
    }

    public async Task<IResult> OneAsync(string id, Asked asked, HttpContext context)
    {
        var (reader, ct) = (Reader.Of(asked.Caller, context.Request), context.RequestAborted);
        if (await events.FindAsync(asked.Caller, id, asked.Filter.AsOf, ct) is not { } detail)
            return await frame.ProblemAsync(Problems.NotFound($"There is no event {id}, or nothing of it is published."), reader, ct);
        var e = detail.Event;
        var first = Day(e.At[0] ?? e.At[1]!.Value);
        var last = Day(e.Isps.Max(isp => isp.DetectedAt));
        var window = new Filter { Since = (first > last.AddDays(-MostBetween) ? first : last.AddDays(-MostBetween)).AddDays(-Before), Until = last.AddDays(After), AsOf = asked.Filter.AsOf };
        var (timeline, problem) = await timelines.OfAsync(asked.Caller, window, e.Cc, e.Domain, ct);
        if (timeline is null)
            return await frame.ProblemAsync(problem!, reader, ct);
        var document = documents.Of("/events/" + e.Id, "", BracketText.Days(timeline.Since, timeline.Until, reader), asked.Filter, e.Cc, reader);
        var corrected = await corrections.EventsAsync(asked.Caller, asked.Filter, e.Id, ct);
        return await frame.ShowAsync($"{e.Domain} · {e.Cc}", EventPage.Content(detail, timeline, corrected, names.NameOf, document, reader), reader, ct);
    }

    public async Task<IResult> CorrectionsAsync(Asked asked, HttpContext context)
    {
        var (reader, ct) = (Reader.Of(asked.Caller, context.Request), context.RequestAborted);
        var known = await countries.CountriesAsync(ct);
        var cc = asked.Filter.Cc ?? known.FirstOrDefault(CountryPages.FirstCountry);
        return await frame.ShowAsync($"{reader.Say("Corrections")} · {cc}", CorrectionPage.Content(
            await corrections.EventsAsync(asked.Caller, asked.Filter with { Cc = cc }, null, ct), await corrections.ReanalysesAsync(asked.Caller, asked.Filter, cc, ct), cc, known, reader), reader, ct);
    }

    Html WhyNone(Asked asked, Reader reader)
    {
        var why = asked.Filter is { Asn: null, Domain: null, CategoryCode: null, Mechanism: null, Since: null, Until: null }
            ? asked.Caller.IsPublic
                ? reader.Say("No onset or end of blocking is published: none was found in days up to {0}, or fewer than {1} volunteers saw it.", BracketText.Last(new(publication.EndFor(asked.Caller, asked.Filter.AsOf).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero)), publication.MinimumUnits)
                : reader.Say("No onset or end of blocking was found yet.")
            : reader.Say("No event passes the filter. Widen it.");
        return Html.Of($"""<p class="empty" role="status">{why} {reader.Say("This does not mean that nothing is blocked.")}</p>""");
    }

    static DateTimeOffset Day(DateTimeOffset at) => new(at.UtcDateTime.Date, TimeSpan.Zero);
}
