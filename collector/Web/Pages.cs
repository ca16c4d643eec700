using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using ProbeNet.Collector.Api;
using ProbeNet.Collector.Rollout;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Web;

/// <summary>Matrix and cells, single measurements, releases and signing in: read through the same classes as REST, then drawn.</summary>
sealed class Pages(
    PageFrame frame, MatrixPage matrixPage, CellPage cellPage, CellReading cells, RowReading rows, OoniReading ooni, CellWindows countries,
    RolloutReading rollouts, AdoptionTable adoption, MatrixReading names, IOptions<SignInOptions> signIn)
{
    public async Task<IResult> MatrixAsync(Asked asked, HttpContext context)
    {
        var (reader, ct) = (Reader.Of(asked.Caller, context.Request), context.RequestAborted);
        var known = await countries.CountriesAsync(ct);
        var filter = asked.Filter with { Cc = asked.Filter.Cc ?? known.FirstOrDefault(CountryPages.FirstCountry) };
        var (matrix, problem) = await cells.MatrixAsync(asked.Caller, filter, ct);
        MatrixComparison? compared = null;
        if (matrix is not null && filter.Compare is { } last)
            (compared, problem) = await ComparedAsync(asked.Caller, filter, matrix, last.AddDays(1), ct);
        if (problem is not null)
            return await frame.ProblemAsync(problem, reader, ct);
        var title = $"{reader.Say("Matrix")} · {matrix!.Cc}";
        return filter.Narrows || compared is not null
            ? await frame.ShowAsync(title, matrixPage.Content(matrix, compared, filter, known, reader), reader, ct)
            : await frame.ShowKeptAsync(title, () => matrixPage.Content(matrix, null, filter, known, reader), reader, ct);
    }

    /// <param name="end">Of as many days as the matrix has.</param>
    async Task<(MatrixComparison? Compared, ProblemDetails? Problem)> ComparedAsync(Caller caller, Filter filter, MatrixView matrix, DateTimeOffset end, CancellationToken ct)
    {
        // What passes the filter at one of the times is shown as it was at both.
        var (now, then) = (filter with { State = null, Mechanism = null, MinUnits = null }, filter with { Since = end - (matrix.Until - matrix.Since), Until = end });
        var (earlier, problem) = await cells.MatrixAsync(caller, then, ct);
        if (earlier is null)
            return (null, problem);
        if (now == filter)
            return (new(earlier, matrix, null), null);
        var wanted = matrix.Cells.Concat(earlier.Cells).Select(cell => (cell.Domain, cell.Asn)).ToHashSet();
        var (allThen, _) = await cells.MatrixAsync(caller, now with { Since = then.Since, Until = then.Until }, ct);
        var (allNow, _) = await cells.MatrixAsync(caller, now, ct);
        return (new(allThen!, allNow!, wanted), null);
    }

    public async Task<string> CountryAsync(CancellationToken ct) => (await countries.CountriesAsync(ct)).FirstOrDefault(CountryPages.FirstCountry);

    public async Task<IResult> CellAsync(string cc, string domain, string asn, Asked asked, HttpContext context)
    {
        var (reader, ct) = (Reader.Of(asked.Caller, context.Request), context.RequestAborted);
        if (!FilterReader.TryAsn(asn, out var number))
            return await frame.ProblemAsync(Problems.BadParameter("asn", $"must be {FilterReader.Meaning("asn")}."), reader, ct);
        var (view, problem) = await cells.CellAsync(asked.Caller, asked.Filter, cc, domain, number, ct);
        return view is null
            ? await frame.ProblemAsync(problem!, reader, ct)
            : await frame.ShowAsync($"{view.Cell.Domain} · AS{view.Cell.Asn}", cellPage.Content(view, reader), reader, ct);
    }

    public async Task<IResult> RowsAsync(Asked asked, HttpContext context)
    {
        var (reader, ct) = (Reader.Of(asked.Caller, context.Request), context.RequestAborted);
        var (views, next) = await rows.ListAsync(asked.Caller, asked.Filter, "page measurements" + context.Request.QueryString, ct);
        return await frame.ShowAsync(reader.Say("Measurements"), RowPages.List(views, next is { } cursor ? reader.With("cursor", cursor.ToString()) : null, reader), reader, ct);
    }

    public async Task<IResult> RowAsync(Guid uid, Asked asked, HttpContext context)
    {
        var (reader, ct) = (Reader.Of(asked.Caller, context.Request), context.RequestAborted);
        return await rows.FindAsync(asked.Caller, uid, ct) is { } detail
            ? await frame.ShowAsync($"Measurement of {detail.Measurement.Domain}", RowPages.One(detail), reader, ct)
            : await frame.ProblemAsync(Problems.NotFound($"There is no measurement {uid}: it never was, was withdrawn by its volunteer, or is past retention."), reader, ct);
    }

    public async Task<IResult> OoniAsync(Asked asked, HttpContext context)
    {
        var (reader, ct) = (Reader.Of(asked.Caller, context.Request), context.RequestAborted);
        var views = await ooni.ListAsync(asked.Caller, asked.Filter, "page ooni" + context.Request.QueryString, ct);
        return await frame.ShowAsync(reader.Say("OONI's verdict beside ours"), OoniPage.Content(views, asked.Filter, reader), reader, ct);
    }

    public async Task<IResult> RolloutsAsync(Asked asked, HttpContext context)
    {
        var (reader, ct) = (Reader.Of(asked.Caller, context.Request), context.RequestAborted);
        var details = new List<RolloutDetail>();
        foreach (var rollout in (await rollouts.ReadAsync(null, superseded: false, ct)).OrderByDescending(one => one.Since))
            details.Add(new(rollout, await adoption.ReadAsync(rollout.List, rollout.Version, ct)));
        return await frame.ShowAsync(reader.Say("Releases"), RolloutPage.Content(details, names.NameOf), reader, ct);
    }

    /// <param name="refused">The key just given opens nothing.</param>
    public Task<IResult> SignInAsync(bool refused, HttpContext context)
    {
        var reader = Reader.Of(Caller.Public, context.Request);
        return frame.ShowAsync(reader.Say("Sign in with a key"), SignInPage.Content(refused, signIn.Value.Authority, reader), reader, context.RequestAborted, refused ? StatusCodes.Status401Unauthorized : StatusCodes.Status200OK);
    }

    public Task<IResult> SignedInAsync(HttpContext context)
    {
        var reader = Reader.Of(Caller.Public, context.Request);
        return frame.ShowAsync(reader.Say("You are signed in."), SignInPage.Done(reader), reader, context.RequestAborted);
    }

    /// <summary>The provider gave no answer that counts, or the account has no role here.</summary>
    public Task<IResult> SignInFailedAsync(int status, HttpContext context)
    {
        var reader = Reader.Of(Caller.Public, context.Request);
        return frame.ShowAsync(reader.Say("You could not be signed in."), SignInPage.Failed(reader), reader, context.RequestAborted, status);
    }
}
