using Microsoft.AspNetCore.Http;

namespace ProbeNet.Lab.Sites;

/// <summary>An invented site: the same page for everybody.</summary>
static class Origin
{
    public static RequestDelegate Of(string name) => context =>
    {
        // As many sites do, a page is reached by one redirect or two.
        if (context.Request.Path.Value is "/twice" or "/once")
        {
            context.Response.Redirect(context.Request.Path.Value == "/twice" ? "/once" : "/");
            return Task.CompletedTask;
        }
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.Server = "laboratory";
        return context.Response.WriteAsync(Page(name));
    };

    public static string Page(string name)
    {
        var title = name.Split('.')[0];
        var paragraphs = Enumerable.Range(1, 12).Select(number => $"<p>Paragraph {number} of {title}: an invented text of an invented site, long enough to be told from a notice.</p>");
        return $"<!doctype html><html><head><title>{title} front page</title></head><body><h1>{title}</h1>{string.Concat(paragraphs)}</body></html>";
    }
}
