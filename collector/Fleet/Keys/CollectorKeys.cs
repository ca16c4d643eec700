using ProbeNet.Protos.Sealing;

namespace ProbeNet.Collector.Fleet.Keys;

/// <summary>The collector's own keys, as they are used in memory.</summary>
/// <param name="Identity">Signs proofs, certificates and receipts; agents pin it.</param>
/// <param name="Identities">Every identity that ever signed a certificate, this one first.</param>
/// <param name="Encryption">What envelopes are opened with; the first is the one offered to agents.</param>
/// <param name="Credentials">What credentials are opened with; the first seals new ones.</param>
/// <param name="SecretPath">The first segment of agents' paths, base64url.</param>
/// <param name="Online">Says which agent gets which list now; what is valid is signed elsewhere.</param>
sealed record CollectorKeys(
    SigningKey Identity,
    IReadOnlyList<VerificationKey> Identities,
    IReadOnlyList<DecryptionKey> Encryption,
    IReadOnlyList<CredentialKey> Credentials,
    string SecretPath,
    SigningKey Online);
