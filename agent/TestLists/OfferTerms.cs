using Google.Protobuf;

namespace ProbeNet.Agent.TestLists;

/// <summary>The session in which a list is offered: an assignment for any other is worth nothing.</summary>
/// <param name="Nonce">The agent's own.</param>
/// <param name="PublicKey">The key that the session serves.</param>
/// <param name="Cc">Of the key's network; empty when unknown.</param>
/// <param name="Asn">0 when unknown.</param>
sealed record OfferSession(ByteString Nonce, ByteString PublicKey, string Cc, uint Asn);

/// <summary>What this agent holds against an offer.</summary>
/// <param name="ListKeys">Public keys that the invite pinned; they vouch for the first root where it pinned none.</param>
/// <param name="RootPin">SHA-256 of the first root's statement; empty where the invite pinned none.</param>
sealed record OfferTerms(OfferSession Session, IReadOnlyCollection<ByteString> ListKeys, ByteString RootPin, DateTimeOffset Now)
{
    public uint Today => Protos.Identifiers.Day.Of(Now);
}
