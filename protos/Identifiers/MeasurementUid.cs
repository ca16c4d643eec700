using System.Buffers.Binary;

namespace ProbeNet.Protos.Identifiers;

/// <summary>
/// A measurement's identifier: a UUIDv7 (RFC 9562) made of its floored time and its leaf, so that the same measurement
/// has the same identifier wherever it is computed and none of it tells an exact time.
/// </summary>
public static class MeasurementUid
{
    /// <param name="time">Unix seconds, as the circumstance has it.</param>
    /// <param name="leaf">The measurement's leaf hash.</param>
    public static Guid Of(long time, ReadOnlySpan<byte> leaf)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, checked(time * 1000) << 16);
        leaf[..10].CopyTo(bytes[6..]);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x70);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
