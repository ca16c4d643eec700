using Microsoft.AspNetCore.Diagnostics;

namespace ProbeNet.Collector.Api;

/// <summary>Bugs behind a request: the server's own log of them is silent, since it may name addresses.</summary>
sealed partial class RequestFaults(ILogger<RequestFaults> log) : IExceptionHandler
{
    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        Failed(exception, (httpContext.Features.Get<IExceptionHandlerFeature>()?.Endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "no endpoint");
        return ValueTask.FromResult(false);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A request for {Route} failed")]
    private partial void Failed(Exception exception, string route);
}
