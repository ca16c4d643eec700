using System.Security.Cryptography;
using System.Text;
using ProbeNet.Collector.Fleet;

namespace ProbeNet.Collector.Intake;

/// <summary>Marks connections of the agents' listener.</summary>
sealed record AgentsListener;

/// <summary>Marks requests that knew the secret path.</summary>
sealed record BehindSecretPath;

/// <summary>
/// On the agents' listener only the secret path leads anywhere; whoever does not know it gets what an empty web server
/// says, whatever the method, the path or the protocol.
/// </summary>
sealed class SecretPathDoor(RequestDelegate next, FleetMemory fleet)
{
    const string Service = "/probenet.v1.Sessions/";

    public async Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<AgentsListener>() is null)
        {
            await next(context);
            return;
        }
        if (!TryStrip(context.Request.Path, out var rest) || context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) != true
            || !HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }
        context.Features.Set(new BehindSecretPath());
        context.Request.Path = rest;
        await next(context);
    }

    /// <summary>Keeps an endpoint from answering on any other listener.</summary>
    public static void Guard(EndpointBuilder endpoint)
    {
        var inner = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = context =>
        {
            if (context.Features.Get<BehindSecretPath>() is not null)
                return inner(context);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        };
    }

    bool TryStrip(PathString path, out PathString rest)
    {
        rest = PathString.Empty;
        var value = path.Value ?? "";
        var end = value.IndexOf('/', Math.Min(1, value.Length));
        if (end < 0 || fleet.Current is not { } current || !value.AsSpan(end).StartsWith(Service, StringComparison.Ordinal))
            return false;
        rest = value[end..];
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(value[1..end]), Encoding.UTF8.GetBytes(current.Keys.SecretPath));
    }
}
