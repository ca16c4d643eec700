using ProbeNet.Collector.Api;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Web;

static class SignInEndpoints
{
    const int MaximumForm = 4096;

    public static void Map(IEndpointRouteBuilder pages)
    {
        pages.MapGet("/sign-in", (HttpContext context, Asked asked, Pages shown) => shown.SignInAsync(refused: false, context)).WithMetadata(WebRegistration.Public());
        pages.MapPost("/sign-in", SignInAsync);
        pages.MapPost("/sign-out", SignOutAsync);
    }

    static async Task<IResult> SignInAsync(HttpContext context, ApiKeys keys, SignIns signIns, Pages pages)
    {
        if (!IsOwn(context.Request))
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        if (!context.Request.HasFormContentType || context.Request.ContentLength is null or > MaximumForm)
            return Results.StatusCode(StatusCodes.Status400BadRequest);
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (await keys.FindAsync(form["key"].ToString().Trim(), context.RequestAborted) is not { } key)
            return await pages.SignInAsync(refused: true, context);
        context.Response.Cookies.Append(Callers.Cookie, await signIns.BeginAsync(key, context.RequestAborted), Options(context));
        return Redirect(context);
    }

    static async Task<IResult> SignOutAsync(HttpContext context, SignIns signIns)
    {
        if (!IsOwn(context.Request))
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        if (context.Request.Cookies.TryGetValue(Callers.Cookie, out var token))
            await signIns.EndAsync(token, context.RequestAborted);
        context.Response.Cookies.Delete(Callers.Cookie, Options(context));
        return Redirect(context);
    }

    // 303, so that a reload does not send the key again.
    static IResult Redirect(HttpContext context)
    {
        context.Response.Headers.Location = "/";
        return Results.StatusCode(StatusCodes.Status303SeeOther);
    }

    static CookieOptions Options(HttpContext context) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps,
        Path = "/",
        MaxAge = SignIns.Lifetime,
    };

    // Another site's form could sign a reader in under a key of that site's choice.
    static bool IsOwn(HttpRequest request) => request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";
}
