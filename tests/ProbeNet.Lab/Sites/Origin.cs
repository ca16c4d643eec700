using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace ProbeNet.Lab.Sites;

/// <summary>An invented site: the same page for everybody, unless the book says otherwise.</summary>
sealed class Origin(string name, SiteBook book)
{
    const int LargeBody = 96 * 1024;
    const int SlowPart = 2048, SlowParts = 12;
    static readonly TimeSpan SlowPause = TimeSpan.FromMilliseconds(250);
    int _requests;

    public Task Answer(HttpContext context)
    {
        // As many sites do, a page is reached by one redirect or two.
        if (context.Request.Path.Value is "/twice" or "/once")
        {
            context.Response.Redirect(context.Request.Path.Value == "/twice" ? "/once" : "/");
            return Task.CompletedTask;
        }
        var site = book[name];
        var inside = book.IsInside(context.Connection.RemoteIpAddress!);
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.Server = "laboratory";
        if ((inside ? site.RedirectInside ?? site.Redirect : site.Redirect) is { } target)
        {
            context.Response.StatusCode = StatusCodes.Status302Found;
            context.Response.Headers.Location = target;
            return Task.CompletedTask;
        }
        return site.Answer switch
        {
            SiteAnswer.Large => context.Response.WriteAsync(Page(name) + new string(' ', LargeBody)),
            SiteAnswer.Slow => Slowly(context.Response),
            SiteAnswer.Error => Status(context.Response, StatusCodes.Status500InternalServerError, "Something went wrong"),
            SiteAnswer.Endless => Onwards(context),
            SiteAnswer.Flaky when Interlocked.Increment(ref _requests) % 3 == 0 => Status(context.Response, StatusCodes.Status503ServiceUnavailable, "Too busy"),
            SiteAnswer.RefusedInside when inside => Status(context.Response, StatusCodes.Status403Forbidden, "Not offered in your country"),
            SiteAnswer.UnavailableInside when inside => Status(context.Response, StatusCodes.Status451UnavailableForLegalReasons, "Not offered in your country"),
            SiteAnswer.CaptchaInside when inside => Status(context.Response, StatusCodes.Status403Forbidden, "Are you human? Solve this puzzle to go on"),
            _ => context.Response.WriteAsync(Page(name)),
        };
    }

    public static string Page(string name)
    {
        var title = name.Split('.')[0];
        var paragraphs = Enumerable.Range(1, 12).Select(number => $"<p>Paragraph {number} of {title}: an invented text of an invented site, long enough to be told from a notice.</p>");
        return $"<!doctype html><html><head><title>{title} front page</title></head><body><h1>{title}</h1>{string.Concat(paragraphs)}</body></html>";
    }

    static Task Onwards(HttpContext context)
    {
        _ = int.TryParse(context.Request.Path.Value.AsSpan(1), CultureInfo.InvariantCulture, out var page);
        context.Response.Redirect($"/{page + 1}");
        return Task.CompletedTask;
    }

    static Task Status(HttpResponse response, int status, string heading)
    {
        response.StatusCode = status;
        return response.WriteAsync($"<!doctype html><html><head><title>{heading}</title></head><body><h1>{heading}</h1></body></html>");
    }

    async Task Slowly(HttpResponse response)
    {
        await response.WriteAsync(Page(name));
        for (var part = 0; part < SlowParts; part++)
        {
            await response.Body.FlushAsync();
            await Task.Delay(SlowPause);
            await response.WriteAsync(new string(' ', SlowPart));
        }
    }
}
