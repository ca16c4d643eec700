using Microsoft.AspNetCore.Mvc;

namespace ProbeNet.Collector.Api;

/// <summary>Errors as RFC 9457 has them, in sentences that name what was wrong.</summary>
static class Problems
{
    public static ProblemDetails BadRequest(string why) => new()
    {
        Status = StatusCodes.Status400BadRequest,
        Title = "The request cannot be understood.",
        Detail = why,
    };

    public static ProblemDetails Gone(string why) => new()
    {
        Status = StatusCodes.Status410Gone,
        Title = "It is not here any more.",
        Detail = why,
    };

    public static ProblemDetails TooMany(string what, string why) => new()
    {
        Status = StatusCodes.Status429TooManyRequests,
        Title = what,
        Detail = why,
    };

    public static ProblemDetails BadParameter(string name, string why) => new()
    {
        Status = StatusCodes.Status400BadRequest,
        Title = "The request cannot be understood.",
        Detail = $"{name}: {why}",
        Extensions = { ["parameter"] = name },
    };

    public static ProblemDetails NotFound(string what) => new()
    {
        Status = StatusCodes.Status404NotFound,
        Title = "Nothing is here.",
        Detail = what,
    };

    public static ProblemDetails KeyNeeded() => new()
    {
        Status = StatusCodes.Status401Unauthorized,
        Title = "An analyst's key is needed.",
        Detail = "Single measurements are not public. Send a key as \"Authorization: Bearer KEY\".",
    };

    public static ProblemDetails OperatorNeeded() => new()
    {
        Status = StatusCodes.Status403Forbidden,
        Title = "An operator's key is needed.",
        Detail = "This changes what the collector does.",
    };

    public static ProblemDetails KeyUnknown() => new()
    {
        Status = StatusCodes.Status401Unauthorized,
        Title = "This key opens nothing.",
        Detail = "The key is unknown or was revoked.",
    };

    public static IResult Answer(HttpContext context, ProblemDetails problem)
    {
        if (problem.Status == StatusCodes.Status401Unauthorized)
            context.Response.Headers.WWWAuthenticate = "Bearer";
        return Results.Problem(problem);
    }
}
