using Microsoft.AspNetCore.Mvc;
using ProbeNet.Collector.Api;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Web;

/// <summary>Shows contents and problems with everything that stands around a page.</summary>
sealed class PageFrame(Layout layout, ListQueries lists, KeptBodies bodies)
{
    const string ContentType = "text/html; charset=utf-8";

    public async Task<IResult> ShowAsync(string title, Html content, Reader reader, CancellationToken ct, int status = StatusCodes.Status200OK) =>
        Results.Content((await PageAsync(title, content, reader, ct)).ToString(), ContentType, statusCode: status);

    /// <summary>A large page: the same address is not drawn again for everybody who opens it.</summary>
    /// <param name="content">Is drawn where the page is not kept.</param>
    public async Task<IResult> ShowKeptAsync(string title, Func<Html> content, Reader reader, CancellationToken ct) => new KeptPage(await bodies.GetAsync(
        $"{reader.Caller.KeyId} {reader.Language.Code} {reader.Address}",
        async (body, cancel) =>
        {
            await using var text = new StreamWriter(body, leaveOpen: true);
            await (await PageAsync(title, content(), reader, cancel)).WriteAsync(text);
        }, ct));

    async Task<Html> PageAsync(string title, Html content, Reader reader, CancellationToken ct)
    {
        var notes = (await lists.ReleasedAsync(ct)).Where(list => list.Attribution.Length + list.Licence.Length > 0)
            .Select(list => $"Test list {list.Name} version {list.Version}: {list.Attribution}{(list.Licence.Length > 0 ? $" ({list.Licence})" : "")}");
        return layout.Page(title, content, reader, notes);
    }

    sealed class KeptPage(PackedBody body) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.ContentType = ContentType;
            return body.SendAsync(httpContext);
        }
    }

    public Task<IResult> ProblemAsync(ProblemDetails problem, Reader reader, CancellationToken ct) => ShowAsync(reader.Say(problem.Title!), Html.Of($"""
        <h1>{reader.Say(problem.Title!)}</h1>
        <p class="empty" role="alert" lang="en">{problem.Detail}</p>
        <p>{reader.Link("/", reader.Say("To the overview"))}{(problem.Status == StatusCodes.Status401Unauthorized ? Html.Of($""" · {reader.Link("/sign-in", reader.Say("Sign in with a key"))}""") : Html.Nothing)}</p>
        """), reader, ct, problem.Status ?? StatusCodes.Status400BadRequest);
}
