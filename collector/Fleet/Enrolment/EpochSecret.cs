using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ProbeNet.Collector.Fleet.Enrolment;

/// <param name="Epoch">Number of the 30-day period.</param>
sealed record EpochSecret(uint Epoch, byte[] Secret)
{
    /// <summary>HMAC-SHA256 over the redemption and the ASN, cut to 16 bytes: who counts as one volunteer (contract 2).</summary>
    public byte[] Unit(ReadOnlySpan<byte> redemption, uint asn)
    {
        Span<byte> number = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(number, asn);
        return Tag([.. "unit"u8, .. redemption, .. number]);
    }

    /// <summary>Who recruited: a name's tag, or that of the redemption whose line it shares, or of the redemption itself.</summary>
    public byte[] Group(Credential credential, uint asn) =>
        credential.Group.Length > 0
            ? Tag([.. "group"u8, .. Encoding.UTF8.GetBytes(credential.Group)])
            : Unit((credential.GroupOf.Length > 0 ? credential.GroupOf : credential.Redemption).Span, asn);

    byte[] Tag(byte[] of) => HMACSHA256.HashData(Secret, of)[..16];
}
