using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
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
        if (!pages.ServiceProvider.GetRequiredService<IOptions<SignInOptions>>().Value.IsOn)
            return;
        pages.MapGet("/sign-in/" + ProviderSignIn.Provider, AskProviderAsync);
        pages.MapGet(ProviderSignIn.DonePath, DoneAsync);
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
        await BeginAsync(context, signIns, key);
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

    static async Task<IResult> AskProviderAsync(HttpContext context, Pages pages, ILoggerFactory loggers)
    {
        try
        {
            await context.ChallengeAsync(ProviderSignIn.Provider, new() { RedirectUri = ProviderSignIn.DonePath });
            return Results.Empty;
        }
        // The provider is away, or says of itself what cannot be read.
        catch (Exception e) when (e is InvalidOperationException or HttpRequestException or IOException)
        {
            SignInLog.Failed(loggers.CreateLogger(typeof(ProviderSignIn)), e.GetBaseException().Message);
            return await pages.SignInFailedAsync(StatusCodes.Status502BadGateway, context);
        }
    }

    static async Task<IResult> DoneAsync(HttpContext context, ApiKeys keys, SignIns signIns, Pages pages, IOptions<SignInOptions> options)
    {
        var answer = await context.AuthenticateAsync(ProviderSignIn.Meanwhile);
        await context.SignOutAsync(ProviderSignIn.Meanwhile);
        if (answer.Principal?.FindFirst("sub") is not { } subject)
            return await pages.SignInFailedAsync(StatusCodes.Status401Unauthorized, context);
        if (ProviderSignIn.RoleOf(answer.Principal, options.Value) is not { } role
            || await keys.OfPersonAsync(subject.Issuer, subject.Value, role, answer.Principal.FindFirst("preferred_username")?.Value ?? subject.Value, context.RequestAborted) is not { } person)
            return await pages.SignInFailedAsync(StatusCodes.Status403Forbidden, context);
        await BeginAsync(context, signIns, person);
        // A redirect would still be the provider's doing, and a cookie of this site alone does not go along with that.
        context.Response.Headers["Refresh"] = "0;url=/";
        return await pages.SignedInAsync(context);
    }

    static async Task BeginAsync(HttpContext context, SignIns signIns, ApiKey key) =>
        context.Response.Cookies.Append(Callers.Cookie, await signIns.BeginAsync(key, context.RequestAborted), Options(context));

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
