using Microsoft.AspNetCore.Mvc;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Web;

/// <summary>Shows contents and problems with everything that stands around a page.</summary>
sealed class PageFrame(Layout layout, ListQueries lists)
{
    public async Task<IResult> ShowAsync(string title, Html content, Reader reader, CancellationToken ct, int status = StatusCodes.Status200OK)
    {
        var notes = (await lists.ReleasedAsync(ct)).Where(list => list.Attribution.Length + list.Licence.Length > 0)
            .Select(list => $"Test list {list.Name} version {list.Version}: {list.Attribution}{(list.Licence.Length > 0 ? $" ({list.Licence})" : "")}");
        return Results.Content(layout.Page(title, content, reader, notes).ToString(), "text/html; charset=utf-8", statusCode: status);
    }

    public Task<IResult> ProblemAsync(ProblemDetails problem, Reader reader, CancellationToken ct) => ShowAsync(reader.Say(problem.Title!), Html.Of($"""
        <h1>{reader.Say(problem.Title!)}</h1>
        <p class="empty" role="alert" lang="en">{problem.Detail}</p>
        <p>{reader.Link("/", reader.Say("To the overview"))}{(problem.Status == StatusCodes.Status401Unauthorized ? Html.Of($""" · {reader.Link("/sign-in", reader.Say("Sign in with a key"))}""") : Html.Nothing)}</p>
        """), reader, ct, problem.Status ?? StatusCodes.Status400BadRequest);
}
