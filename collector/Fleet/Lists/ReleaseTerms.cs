using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Fleet.Lists;

/// <summary>How a release goes out.</summary>
/// <param name="Target">What every agent checks by itself.</param>
/// <param name="Groups">Who recruited; what the collector goes by beside the target.</param>
/// <param name="Agents">An agent version or the beginning of one; empty: all.</param>
/// <param name="Cohort">Hundredths of the fleet.</param>
/// <param name="Emergency">To everybody at once.</param>
/// <param name="Reverts">The version that is taken back; 0: none.</param>
sealed record ReleaseTerms(ListTarget Target, IReadOnlyList<string> Groups, string Agents, (int From, int To) Cohort, bool Emergency, ulong Reverts)
{
    public static ReleaseTerms Everybody { get; } = new(new(), [], "", (0, 100), false, 0);
}

/// <param name="Missing">Signatures that the releases role still asks for; 0: it is on its way.</param>
sealed record ReleaseOutcome(ulong Version, int Missing);

/// <summary>A release that cannot be made, and what to do about it.</summary>
sealed class ReleaseFailure(string message) : Exception(message);
