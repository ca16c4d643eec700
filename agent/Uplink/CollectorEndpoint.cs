using Google.Protobuf;
using ProbeNet.Agent.Identity;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Uplink;

/// <summary>Where a collector is and how it is known to be the one.</summary>
/// <param name="Addresses">Base addresses with the secret path.</param>
/// <param name="TlsPin">SHA-256 of the certificate's SubjectPublicKeyInfo; empty: the system's trust decides.</param>
sealed record CollectorEndpoint(IReadOnlyList<string> Addresses, ByteString IdentityKey, ByteString TlsPin)
{
    public static CollectorEndpoint Of(Invite invite) => new(invite.Addresses, invite.IdentityKey, invite.TlsPin);

    public static CollectorEndpoint Of(Enrollment enrollment) => new(enrollment.Addresses, enrollment.IdentityKey, enrollment.TlsPin);
}
