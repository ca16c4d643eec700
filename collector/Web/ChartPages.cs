using ProbeNet.Collector.Api;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Web;

/// <summary>Exploring along two axes, and charts as files of their own.</summary>
sealed class ChartPages(
    PageFrame frame, CellReading cells, EventReading events, TimelineReading timelines, AggregationReading aggregations, CellWindows countries, MatrixReading names, DocumentNote documents)
{
    public async Task<IResult> ExploreAsync(Asked asked, HttpContext context)
    {
        var (reader, ct) = (Reader.Of(asked.Caller, context.Request), context.RequestAborted);
        var (view, problem) = await aggregations.OfAsync(asked.Caller, asked.Filter, ct);
        if (view is null)
            return await frame.ProblemAsync(problem!, reader, ct);
        var known = await countries.CountriesAsync(ct);
        var document = documents.Of("/explore", PinOf(view, reader), BracketText.Days(view.Since, view.Until, reader), asked.Filter, asked.Filter.Cc ?? known.FirstOrDefault(CountryPages.FirstCountry), reader);
        return await frame.ShowAsync(reader.Say("Explore"), ExplorePage.Content(view, asked.Filter, known, names.NameOf, document, reader), reader, ct);
    }

    /// <summary>The same as a file.</summary>
    public async Task<IResult> ExploreChartAsync(Asked asked, HttpContext context)
    {
        var (reader, ct) = (Reader.Of(asked.Caller, context.Request), context.RequestAborted);
        var (view, problem) = await aggregations.OfAsync(asked.Caller, asked.Filter, ct);
        return view is null
            ? await frame.ProblemAsync(problem!, reader, ct)
            : ChartFile.Of(HeatChart.Draw(view, names.NameOf), [reader.Say("Explore"), ExplorePage.Summary(view, reader), PinOf(view, reader)],
                documents.ChartLines("/explore?" + PinOf(view, reader), BracketText.Days(view.Since, view.Until, reader), asked.Filter, reader), reader, context);
    }

    // Everything that the page was asked for, with its days.
    static string PinOf(AggregationView view, Reader reader)
    {
        var asked = reader.Query.Where(pair => pair.Key is not ("axis_x" or "axis_y" or "grain" or "since" or "until" or "as_of" or "lang") && pair.Value.ToString().Length > 0).Select(pair => (pair.Key, Value: pair.Value.ToString()));
        return string.Join('&', asked.Prepend(("until", FilterForm.Day(view.Until)!)).Prepend(("since", FilterForm.Day(view.Since)!)).Prepend(("grain", view.Grain ?? "day")).Prepend(("axis_y", view.AxisY)).Prepend(("axis_x", view.AxisX))
            .Select(pair => $"{pair.Item1}={Uri.EscapeDataString(pair.Item2)}"));
    }

    /// <summary>The onsets of a country as a file.</summary>
    public async Task<IResult> OnsetChartAsync(string cc, Asked asked, HttpContext context)
    {
        var (reader, ct) = (Reader.Of(asked.Caller, context.Request), context.RequestAborted);
        var (matrix, problem) = await cells.MatrixAsync(asked.Caller, asked.Filter with { Cc = cc.ToUpperInvariant() }, ct);
        if (matrix is null)
            return await frame.ProblemAsync(problem!, reader, ct);
        var onsets = await events.OnsetsAsync(asked.Caller, matrix.Cc, matrix.Until, asked.Filter.AsOf, ct);
        return onsets.Count == 0
            ? await frame.ProblemAsync(Problems.NotFound($"No onset is known in the {EventReading.OnsetDays} days up to then."), reader, ct)
            : ChartFile.Of(OnsetPlot.Draw(onsets, matrix),
                [$"{reader.Say("When it began")} · {matrix.Cc}", OnsetPlot.Summary(onsets, reader)],
                documents.ChartLines("/attribution/" + matrix.Cc, BracketText.Days(matrix.Until.AddDays(-EventReading.OnsetDays), matrix.Until, reader), asked.Filter, reader), reader, context);
    }

    /// <summary>Where on the path the blocking is, as a file.</summary>
    public async Task<IResult> PathChartAsync(string cc, Asked asked, HttpContext context)
    {
        var (reader, ct) = (Reader.Of(asked.Caller, context.Request), context.RequestAborted);
        var (matrix, problem) = await cells.MatrixAsync(asked.Caller, asked.Filter with { Cc = cc.ToUpperInvariant() }, ct);
        if (matrix is not null && PathPicture.Located(matrix) == 0)
            (matrix, problem) = (null, Problems.NotFound("No blocking was located on the path in these days."));
        return matrix is null
            ? await frame.ProblemAsync(problem!, reader, ct)
            : ChartFile.Of(PathPicture.Draw(matrix, names.NameOf, reader),
                [$"{reader.Say("Where on the path")} · {matrix.Cc}", PathPicture.Summary(matrix, reader)],
                documents.ChartLines("/attribution/" + matrix.Cc, BracketText.Days(matrix.Since, matrix.Until, reader), asked.Filter, reader), reader, context);
    }

    /// <summary>A site's time line as a file.</summary>
    public async Task<IResult> TimelineChartAsync(string cc, string domain, Asked asked, HttpContext context)
    {
        var (reader, ct) = (Reader.Of(asked.Caller, context.Request), context.RequestAborted);
        var (view, problem) = await timelines.OfAsync(asked.Caller, asked.Filter, cc, domain, ct);
        return view is null
            ? await frame.ProblemAsync(problem!, reader, ct)
            : ChartFile.Of(TimelineChart.Draw(view, reader),
                [$"{view.Domain} · {view.Cc}", TimelineChart.Summary(view, reader), TimelinePage.Count(view, reader)],
                documents.ChartLines($"/cells/{view.Cc}/{Uri.EscapeDataString(view.Domain)}", BracketText.Days(view.Since, view.Until, reader), asked.Filter, reader), reader, context);
    }
}
