using ProbeNet.Collector.Rollout;

namespace ProbeNet.Collector.Api;

/// <param name="Adoption">Figures by provider as they changed; what is not named stayed.</param>
sealed record RolloutDetail(RolloutView Rollout, IReadOnlyList<Adoption> Adoption);

/// <summary>/rollouts: how far releases have spread. It counts single agents, so it is for those who have a key.</summary>
static class RolloutEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        api.MapGet("/rollouts", ListAsync).WithName("rollouts").WithSummary("Releases of test lists and how far each has spread.")
            .WithMetadata(Takes.Analysts()).Produces<Page<RolloutView>>();
        api.MapGet("/rollouts/{list}/{version}", FindAsync).WithName("rollout").WithSummary("One release, with its adoption by provider over time.")
            .WithMetadata(Takes.Analysts()).Produces<RolloutDetail>();
    }

    static async Task<IResult> ListAsync(HttpContext context, Asked asked, RolloutReading reading) =>
        Answer.OfJson(new Page<RolloutView>(await reading.ReadAsync(null, superseded: true, context.RequestAborted)), asked.Caller);

    static async Task<IResult> FindAsync(string list, string version, HttpContext context, Asked asked, RolloutReading reading, AdoptionTable adoption)
    {
        var found = ulong.TryParse(version, out var number) ? (await reading.ReadAsync(list, superseded: true, context.RequestAborted)).FirstOrDefault(one => one.Version == number) : null;
        return found is null
            ? Results.Problem(Problems.NotFound($"There is no version {version} of a list {list}."))
            : Answer.OfJson(new RolloutDetail(found, await adoption.ReadAsync(list, number, context.RequestAborted)), asked.Caller);
    }
}
