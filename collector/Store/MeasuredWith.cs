namespace ProbeNet.Collector.Store;

/// <summary>What the measurements of a cell were made with.</summary>
/// <param name="AgentVersions">Of volunteers' agents.</param>
/// <param name="ResolverAsns">Networks of the resolvers that really asked; 0 where it was not found out.</param>
sealed record MeasuredWith(IReadOnlyCollection<string> AgentVersions, IReadOnlyCollection<long> ResolverAsns)
{
    public static readonly MeasuredWith Nothing = new([], []);
}
