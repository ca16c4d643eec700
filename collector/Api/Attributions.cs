using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api;

/// <summary>Whom licences want named in exports: those of the test lists in force, and the operator's own lines, which stand below every page too.</summary>
sealed class Attributions(ListQueries lists, IConfiguration configuration)
{
    const string OwnLines = "Collector:Web:Attributions";

    /// <returns>In a fixed order, each once.</returns>
    public async Task<IReadOnlyList<string>> OfAsync(CancellationToken ct) =>
    [
        .. (await lists.ReleasedAsync(ct)).Where(list => list.Attribution.Length + list.Licence.Length > 0)
            .Select(list => string.Join(", ", new[] { $"Test list {list.Name}", list.Attribution, list.Licence }.Where(part => part.Length > 0)))
            .Concat(configuration.GetSection(OwnLines).Get<string[]>() ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];
}
