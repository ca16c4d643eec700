using Microsoft.AspNetCore.Mvc;
using ProbeNet.Collector.Api;
using ProbeNet.Collector.Rollout;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Web;

/// <summary>Each page: reads through the same classes as REST, then draws.</summary>
sealed class Pages(
    Layout layout, MatrixPage matrixPage, CellPage cellPage, CellReading cells, RowReading rows, CellWindows countries, ListQueries lists,
    RolloutReading rollouts, AdoptionTable adoption, MatrixReading names)
{
    // Where nothing was measured yet: the country that the project starts from.
    const string FirstCountry = "KH";

    public async Task<IResult> MatrixAsync(Asked asked, CancellationToken ct)
    {
        var known = await countries.CountriesAsync(ct);
        var filter = asked.Filter with { Cc = asked.Filter.Cc ?? known.FirstOrDefault(FirstCountry) };
        var (matrix, problem) = await cells.MatrixAsync(asked.Caller, filter, ct);
        if (matrix is null)
            return await ProblemAsync(problem!, asked.Caller, ct);
        return await ShowAsync($"Matrix of {matrix.Cc}", matrixPage.Content(matrix, filter, known), asked.Caller, ct);
    }

    public async Task<string> CountryAsync(CancellationToken ct) => (await countries.CountriesAsync(ct)).FirstOrDefault(FirstCountry);

    public async Task<IResult> CellAsync(Asked asked, string cc, string domain, string asn, CancellationToken ct)
    {
        if (!FilterReader.TryAsn(asn, out var number))
            return await ProblemAsync(Problems.BadParameter("asn", $"must be {FilterReader.Meaning("asn")}."), asked.Caller, ct);
        var (view, problem) = await cells.CellAsync(asked.Caller, asked.Filter, cc, domain, number, ct);
        return view is null
            ? await ProblemAsync(problem!, asked.Caller, ct)
            : await ShowAsync($"{view.Cell.Domain} at AS{view.Cell.Asn}", cellPage.Content(view, asked.Caller), asked.Caller, ct);
    }

    public async Task<IResult> RowsAsync(Asked asked, HttpRequest request, CancellationToken ct)
    {
        var (views, next) = await rows.ListAsync(asked.Caller, asked.Filter, "page measurements" + request.QueryString, ct);
        var address = next is { } cursor
            ? "/measurements" + QueryString.Create(request.Query.Where(pair => pair.Key != "cursor").Append(new("cursor", cursor.ToString())))
            : null;
        return await ShowAsync("Measurements", RowPages.List(views, address), asked.Caller, ct);
    }

    public async Task<IResult> RowAsync(Asked asked, Guid uid, CancellationToken ct) =>
        await rows.FindAsync(asked.Caller, uid, ct) is { } detail
            ? await ShowAsync($"Measurement of {detail.Measurement.Domain}", RowPages.One(detail), asked.Caller, ct)
            : await ProblemAsync(Problems.NotFound($"There is no measurement {uid}: it never was, was withdrawn by its volunteer, or is past retention."), asked.Caller, ct);

    public async Task<IResult> RolloutsAsync(Asked asked, CancellationToken ct)
    {
        var details = new List<RolloutDetail>();
        foreach (var rollout in (await rollouts.ReadAsync(null, superseded: false, ct)).OrderByDescending(one => one.Since))
            details.Add(new(rollout, await adoption.ReadAsync(rollout.List, rollout.Version, ct)));
        return await ShowAsync("Releases of test lists", RolloutPage.Content(details, names.NameOf), asked.Caller, ct);
    }

    public Task<IResult> SignInAsync(bool refused, CancellationToken ct) =>
        ShowAsync("Sign in", SignInPage.Content(refused), Caller.Public, ct, refused ? StatusCodes.Status401Unauthorized : StatusCodes.Status200OK);

    public Task<IResult> ProblemAsync(ProblemDetails problem, Caller caller, CancellationToken ct) => ShowAsync(problem.Title!, Html.Of($"""
        <h1>{problem.Title}</h1>
        <p class="empty" role="alert">{problem.Detail}</p>
        <p><a href="/">To the matrix</a>{(problem.Status == StatusCodes.Status401Unauthorized ? Html.Of($""" · <a href="/sign-in">Sign in with a key</a>""") : Html.Nothing)}</p>
        """), caller, ct, problem.Status ?? StatusCodes.Status400BadRequest);

    async Task<IResult> ShowAsync(string title, Html content, Caller caller, CancellationToken ct, int status = StatusCodes.Status200OK)
    {
        var notes = (await lists.ReleasedAsync(ct)).Where(list => list.Attribution.Length + list.Licence.Length > 0)
            .Select(list => $"Test list {list.Name} version {list.Version}: {list.Attribution}{(list.Licence.Length > 0 ? $" ({list.Licence})" : "")}");
        var page = layout.Page(title, content, caller, notes).ToString();
        return Results.Content(page, "text/html; charset=utf-8", statusCode: status);
    }
}
