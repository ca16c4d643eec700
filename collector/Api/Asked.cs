using Microsoft.AspNetCore.Mvc;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api;

/// <summary>The parameters that an endpoint takes, and whether the public may ask; metadata of the endpoint.</summary>
sealed record Takes(bool AnalystsOnly, params string[] Parameters)
{
    public static Takes Public(params string[] parameters) => new(false, parameters);

    /// <summary>An analyst's key is not enough.</summary>
    public bool OperatorsOnly { get; init; }

    /// <summary>Without a country there is no answer.</summary>
    public bool NeedsCountry { get; init; }

    public static Takes Analysts(params string[] parameters) => new(true, parameters);

    public static Takes Operators(params string[] parameters) => new(true, parameters) { OperatorsOnly = true };
}

/// <summary>Who asks for what: bound before an endpoint runs, checked by <see cref="RefuseProblemsAsync"/>.</summary>
sealed record Asked(Caller Caller, Filter Filter, ProblemDetails? Problem = null)
{
    public static async ValueTask<Asked?> BindAsync(HttpContext context)
    {
        var takes = context.GetEndpoint()?.Metadata.GetMetadata<Takes>() ?? Takes.Public();
        if (await context.RequestServices.GetRequiredService<Callers>().OfAsync(context) is not { } caller)
            return new(Caller.Public, new(), Problems.KeyUnknown());
        if (takes.AnalystsOnly && caller.IsPublic)
            return new(caller, new(), Problems.KeyNeeded());
        if (takes.OperatorsOnly && caller.Role != ApiRole.Operator)
            return new(caller, new(), Problems.OperatorNeeded());
        var filter = FilterReader.TryRead(context.Request.Query, takes.Parameters, out var problem);
        return new(caller, filter ?? new(), problem);
    }

    public static ValueTask<object?> RefuseProblemsAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.Arguments.OfType<Asked>().FirstOrDefault()?.Problem is { } problem
            ? ValueTask.FromResult<object?>(Problems.Answer(context.HttpContext, problem))
            : next(context);
}
