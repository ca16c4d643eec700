using System.Buffers.Binary;
using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace ProbeNet.Collector.Api;

/// <summary>The last row of a page, for the next one. Opaque outside.</summary>
[StructLayout(LayoutKind.Auto)]
readonly record struct Cursor(DateTimeOffset Time, Guid Uid)
{
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[24];
        BinaryPrimitives.WriteInt64BigEndian(bytes, Time.UtcTicks);
        Uid.TryWriteBytes(bytes[8..], bigEndian: true, out _);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Does not throw on hostile text.</summary>
    public static bool TryParse(string text, out Cursor cursor)
    {
        cursor = default;
        if (text.Length > 40 || !Base64Url.IsValid(text, out var length) || length != 24)
            return false;
        var bytes = Base64Url.DecodeFromChars(text);
        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes);
        if (ticks < DateTimeOffset.MinValue.Ticks || ticks > DateTimeOffset.MaxValue.Ticks)
            return false;
        cursor = new(new(ticks, TimeSpan.Zero), new(bytes.AsSpan(8), bigEndian: true));
        return true;
    }
}
