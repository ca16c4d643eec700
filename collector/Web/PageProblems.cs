using Npgsql;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

static class PageProblems
{
    /// <summary>Shows what is wrong with a request as a page.</summary>
    public static async ValueTask<object?> ShowAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            if (context.Arguments.OfType<Asked>().FirstOrDefault() is { Problem: { } problem } asked)
                return await context.HttpContext.RequestServices.GetRequiredService<PageFrame>().ProblemAsync(problem, Reader.Of(asked.Caller, context.HttpContext.Request), context.HttpContext.RequestAborted);
            return await next(context);
        }
        catch (NpgsqlException e) when (e is not PostgresException)
        {
            return Results.Text("The store cannot be reached. Nothing that was received is lost; try again later.\n", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
