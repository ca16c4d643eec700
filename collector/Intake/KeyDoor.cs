using Google.Protobuf;
using ProbeNet.Collector.Fleet;
using ProbeNet.Protos;
using ProbeNet.Protos.Identifiers;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Intake;

/// <summary>Whether a key's certificate is ours and still holds. Does not throw on hostile input.</summary>
static class KeyDoor
{
    /// <returns>Null when it holds; otherwise one of <see cref="Refusals"/>.</returns>
    public static string? Check(FleetState fleet, Signed? signed, uint today, out KeyCertificate certificate)
    {
        certificate = new();
        if (signed is null || !fleet.Keys.Identities.Any(identity => identity.Verify(SigningContext.Certificate, signed)))
            return Refusals.UnknownKey;
        // We signed it, so it parses.
        certificate = KeyCertificate.Parser.ParseFrom(signed.Statement);
        if (today >= certificate.ExpiresDay)
            return Refusals.ExpiredKey;
        return IsRevoked(fleet, certificate) ? Refusals.RevokedKey : null;
    }

    public static bool IsRevoked(FleetState fleet, KeyCertificate certificate) =>
        fleet.RevokedKeys.Contains(ByteString.CopyFrom(KeyId.Of(certificate.PublicKey.Span))) || fleet.RevokedUnits.Contains(certificate.Unit);

    /// <summary>True when the session's peer holds the private key: it signed both nonces, its own first.</summary>
    public static bool Possesses(ByteString publicKey, ByteString possession, ReadOnlySpan<byte> agentNonce, ReadOnlySpan<byte> collectorNonce) =>
        VerificationKey.TryImport(publicKey.Span, out var key)
        && key.Verify(SigningContext.Possession, [.. agentNonce, .. collectorNonce], possession.Span);
}
