using Microsoft.AspNetCore.Http;
using ProbeNet.Lab.Interference;

namespace ProbeNet.Lab.Sites;

/// <summary>The page that an ISP's false DNS answers lead to, whatever is asked.</summary>
static class BlockpageSite
{
    public static RequestDelegate Answer { get; } = context =>
    {
        context.Response.ContentType = "text/html";
        context.Response.Headers.Server = "laboratory-filter";
        return context.Response.WriteAsync(PageReplaced.Page(visitor: null));
    };
}
