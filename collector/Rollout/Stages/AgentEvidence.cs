using System.Runtime.InteropServices;

namespace ProbeNet.Collector.Rollout.Stages;

/// <summary>Means over the runs since a list came into force.</summary>
/// <param name="Milliseconds">A run.</param>
/// <param name="Bytes">A run.</param>
/// <param name="Failed">Share of failed runs, of inputs that both versions have; null where none was run.</param>
[StructLayout(LayoutKind.Auto)]
readonly record struct RunMeans(int Runs, double Milliseconds, double Bytes, double? Failed);

/// <summary>What is known of one agent while a release spreads.</summary>
/// <param name="Admitted">It should have the new version.</param>
/// <param name="Applied">It has it.</param>
/// <param name="Refusal">Why it did not take it; empty where it did not refuse.</param>
/// <param name="Silent">It has not been heard of for longer than its way of connecting explains.</param>
/// <param name="Now">Null: nothing was reported since the version that it has.</param>
/// <param name="Before">Under the version that it had before.</param>
sealed record AgentEvidence(uint Asn, bool Own, bool Admitted, bool Applied, string Refusal, bool Silent, RunMeans? Now, RunMeans? Before);
