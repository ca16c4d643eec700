using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api.Webhooks;

/// <summary>/webhooks: operators alone; whatever is done is logged by key.</summary>
static class WebhookEndpoints
{
    public static IServiceCollection AddWebhooks(this IServiceCollection services)
    {
        services.AddOptions<WebhookOptions>().BindConfiguration(WebhookOptions.Section)
            .Validate(o => o.Most is >= 1 and <= 1000 && o.Patience >= TimeSpan.FromHours(1), "Collector:Webhooks: Most is 1 to 1000, Patience at least 01:00:00.")
            .ValidateOnStart();
        return services.AddSingleton<WebhookTable>().AddSingleton<WebhookMessages>().AddSingleton<WebhookSender>().AddSingleton<WebhookWorker>().AddHostedService(provider => provider.GetRequiredService<WebhookWorker>());
    }

    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapPost("/webhooks", AddAsync).WithName("add-webhook").WithSummary("Has events sent to an https address, signed: url, role (public or analyst), cc. The secret is shown this once.")
            .WithMetadata(Takes.Operators(), new BodyExample("""{"url": "https://hooks.example/events", "role": "public", "cc": "KH"}""")).Accepts<Dictionary<string, string>>("application/json").Produces<WebhookView>(StatusCodes.Status201Created).ProducesProblem(StatusCodes.Status429TooManyRequests);
        api.MapGet("/webhooks", ListAsync).WithName("webhooks").WithSummary("Where events are sent to, and how that goes.").WithMetadata(Takes.Operators()).Produces<Page<WebhookView>>();
        api.MapGet("/webhooks/{id}", FindAsync).WithName("webhook").WithSummary("One webhook.").WithMetadata(Takes.Operators()).Produces<WebhookView>();
        api.MapDelete("/webhooks/{id}", RemoveAsync).WithName("remove-webhook").WithSummary("Ends a webhook and destroys its secret.").WithMetadata(Takes.Operators()).Produces(StatusCodes.Status204NoContent);
    }

    static async Task<IResult> AddAsync(HttpContext context, Asked asked, WebhookTable hooks, WebhookMessages messages, AccessLog log, IOptions<WebhookOptions> options, TimeProvider time)
    {
        var ct = context.RequestAborted;
        var (members, problem) = await JsonMembers.ReadAsync(context.Request, ct);
        if (members is null || WebhookRequest.Of(members, options.Value.AllowPrivate, out problem) is not { } request)
            return Results.Problem(problem!);
        var hook = new Webhook(
            Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), request.Url, WebhookSignature.NewSecret(), request.Role, request.Cc, asked.Caller.KeyId!,
            DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime), await messages.BeginAsync(request.Role, ct));
        // Query strings may hold the receiver's own secrets.
        await log.WriteAsync(asked.Caller.KeyId!, $"webhook {hook.Id} added for {hook.Url.GetLeftPart(UriPartial.Authority)} as {request.Role?.Word() ?? WebhookRequest.Public}", ct);
        if (!await hooks.AddAsync(hook, options.Value.Most, ct))
            return Results.Problem(Problems.TooMany("There are too many webhooks.", $"{options.Value.Most} are kept. Remove one."));
        context.Response.Headers.CacheControl = "private, no-store";
        return Results.Created($"/api/v1/webhooks/{hook.Id}", WebhookView.Of(hook) with { Secret = WebhookSignature.TextOf(hook.Secret) });
    }

    static async Task<IResult> ListAsync(HttpContext context, Asked asked, WebhookTable hooks) =>
        Answer.OfJson(new Page<WebhookView>([.. (await hooks.AllAsync(context.RequestAborted)).Select(WebhookView.Of)]), asked.Caller);

    static async Task<IResult> FindAsync(string id, HttpContext context, Asked asked, WebhookTable hooks) =>
        await hooks.FindAsync(id, context.RequestAborted) is { } hook ? Answer.OfJson(WebhookView.Of(hook), asked.Caller) : NoSuch(id);

    static async Task<IResult> RemoveAsync(string id, HttpContext context, Asked asked, WebhookTable hooks, AccessLog log)
    {
        if (await hooks.FindAsync(id, context.RequestAborted) is not { } hook)
            return NoSuch(id);
        await log.WriteAsync(asked.Caller.KeyId!, $"webhook {hook.Id} removed", context.RequestAborted);
        return await hooks.RemoveAsync(hook.Id, context.RequestAborted) ? Results.NoContent() : NoSuch(id);
    }

    static IResult NoSuch(string id) => Results.Problem(Problems.NotFound($"There is no webhook {id}."));
}
