using System.Globalization;
using ProbeNet.Collector.Api;
using ProbeNet.Collector.Fleet;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Web;

/// <summary>How a country's blocking is organised, its sites over time, its providers and how well they are covered.</summary>
sealed class CountryPages(
    PageFrame frame, AttributionReading attributions, CellReading cells, EventReading events, TimelineReading timelines, CoverageReading coverage,
    CellWindows countries, AgentKeys agents, Publication publication, MatrixReading names, DocumentNote documents, TimeProvider time)
{
    /// <summary>Where nothing was measured yet: the country that the project starts from.</summary>
    public const string FirstCountry = "KH";

    public async Task<IResult> OrganisationAsync(string? cc, Asked asked, HttpContext context)
    {
        var (reader, ct) = (Reader.Of(asked.Caller, context.Request), context.RequestAborted);
        var known = await countries.CountriesAsync(ct);
        if (cc is not null && (cc.Length != 2 || !cc.All(char.IsAsciiLetter)))
            return await frame.ProblemAsync(Problems.BadParameter("cc", $"must be {FilterReader.Meaning("cc")}."), reader, ct);
        var country = (cc ?? asked.Filter.Cc ?? known.FirstOrDefault(FirstCountry)).ToUpperInvariant();
        var (view, problem) = await attributions.OfAsync(asked.Caller, asked.Filter, country, ct);
        if (view is null)
            return await frame.ProblemAsync(problem!, reader, ct);
        (var matrix, problem) = await cells.MatrixAsync(asked.Caller, asked.Filter with { Cc = country }, ct);
        if (matrix is null)
            return await frame.ProblemAsync(problem!, reader, ct);
        var document = documents.Of("/attribution/" + country, $"since={FilterForm.Day(matrix.Since)}&until={FilterForm.Day(matrix.Until)}",
            BracketText.Days(matrix.Since, matrix.Until, reader), asked.Filter, country, reader);
        var onsets = await events.OnsetsAsync(asked.Caller, country, matrix.Until, asked.Filter.AsOf, ct);
        return await frame.ShowKeptAsync($"{reader.Say("How the blocking is organised")} · {country}",
            () => OrganisationPage.Content(view, matrix, onsets, known, asked.Filter, time.GetUtcNow(), names.NameOf, document, reader), reader, ct);
    }

    public async Task<IResult> TimelineAsync(string cc, string domain, Asked asked, HttpContext context)
    {
        var (reader, ct) = (Reader.Of(asked.Caller, context.Request), context.RequestAborted);
        var (view, problem) = await timelines.OfAsync(asked.Caller, asked.Filter, cc, domain, ct);
        if (view is null)
            return await frame.ProblemAsync(problem!, reader, ct);
        var document = documents.Of($"/cells/{view.Cc}/{Uri.EscapeDataString(view.Domain)}", $"since={FilterForm.Day(view.Since)}&until={FilterForm.Day(view.Until)}",
            BracketText.Days(view.Since, view.Until, reader), asked.Filter, view.Cc, reader);
        return await frame.ShowAsync($"{view.Domain} · {view.Cc}", TimelinePage.Content(view, asked.Filter, publication.MinimumUnits, document, reader), reader, ct);
    }

    public async Task<IResult> IspsAsync(Asked asked, HttpContext context)
    {
        var (reader, ct) = (Reader.Of(asked.Caller, context.Request), context.RequestAborted);
        var (isps, problem) = await coverage.IspsAsync(asked.Caller, asked.Filter, ct);
        return isps is null
            ? await frame.ProblemAsync(problem!, reader, ct)
            : await frame.ShowAsync(reader.Say("Providers"), IspPage.List(isps, asked.Filter, await countries.CountriesAsync(ct), publication.MinimumUnits, reader), reader, ct);
    }

    public async Task<IResult> IspAsync(string asn, Asked asked, HttpContext context)
    {
        var (reader, ct) = (Reader.Of(asked.Caller, context.Request), context.RequestAborted);
        var (isp, problem) = await coverage.IspAsync(asked.Caller, asked.Filter, asn, ct);
        if (isp is null)
            return await frame.ProblemAsync(problem!, reader, ct);
        var own = asked.Filter with { Cc = isp.Cc, Asn = isp.Asn };
        var (days, _) = await coverage.DaysAsync(asked.Caller, own, ct);
        var (told, _, _) = await events.ListAsync(asked.Caller, new() { Cc = isp.Cc, Asn = isp.Asn, AsOf = asked.Filter.AsOf }, ct);
        var (since, until) = WindowOf(asked);
        var document = documents.Of($"/isps/AS{isp.Asn.ToString(CultureInfo.InvariantCulture)}", $"cc={isp.Cc}&since={FilterForm.Day(since)}&until={FilterForm.Day(until)}",
            BracketText.Days(since, until, reader), asked.Filter, isp.Cc, reader);
        return await frame.ShowAsync(IspName.Of(isp.Asn, isp.Name), IspPage.One(isp, days!, told, (since, until), asked.Filter, publication.MinimumUnits, document, reader), reader, ct);
    }

    public async Task<IResult> CoverageAsync(Asked asked, HttpContext context)
    {
        var (reader, ct) = (Reader.Of(asked.Caller, context.Request), context.RequestAborted);
        var (days, problem) = await coverage.DaysAsync(asked.Caller, asked.Filter, ct);
        if (days is null)
            return await frame.ProblemAsync(problem!, reader, ct);
        var (controls, _) = await coverage.ControlsAsync(asked.Caller, asked.Filter, ct);
        var fleet = asked.Caller.IsPublic ? null
            : FleetHealth.Of((await agents.ListAsync(ct)).Where(key => asked.Filter.Cc is null || key.Cc == asked.Filter.Cc), DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), names.NameOf);
        return await frame.ShowAsync(reader.Say("Coverage"),
            CoveragePage.Content(days, controls!, fleet, WindowOf(asked), asked.Filter, await countries.CountriesAsync(ct), publication.MinimumUnits, reader), reader, ct);
    }

    // Of a filter that was already read by.
    (DateTimeOffset Since, DateTimeOffset Until) WindowOf(Asked asked) => publication.WindowFor(asked.Caller, asked.Filter, out _) is { } window ? (window.Start, window.End) : default;
}
