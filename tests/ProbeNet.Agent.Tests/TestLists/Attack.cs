using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Tests.TestLists;

/// <summary>Something that must not work.</summary>
/// <param name="Name">What is tried, and TUF's name for it where it has one.</param>
/// <param name="Refusal">What the agent says.</param>
/// <param name="Make">The offer, made in a world where the agent runs version 2 of the list.</param>
/// <param name="Recover">What the operator does against it, where going on as ever is not enough.</param>
sealed record Attack(string Name, string Refusal, Func<TrustWorld, ListOffer> Make, Action<TrustWorld>? Recover = null)
{
    public override string ToString() => Name;
}
