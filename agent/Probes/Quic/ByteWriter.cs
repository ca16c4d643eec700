namespace ProbeNet.Agent.Probes.Quic;

/// <summary>Builds the nested, length-prefixed structures of TLS and QUIC.</summary>
sealed class ByteWriter
{
    readonly List<byte> _bytes = [];

    public int Length => _bytes.Count;

    public byte[] ToArray() => [.. _bytes];

    public ByteWriter Byte(int value)
    {
        _bytes.Add((byte)value);
        return this;
    }

    public ByteWriter Word(int value) => Byte(value >> 8).Byte(value);

    public ByteWriter Raw(ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    /// <summary>A vector with a length of one byte.</summary>
    public ByteWriter Short(ReadOnlySpan<byte> bytes) => Byte(bytes.Length).Raw(bytes);

    /// <summary>A vector with a length of two bytes.</summary>
    public ByteWriter Long(ReadOnlySpan<byte> bytes) => Word(bytes.Length).Raw(bytes);

    /// <summary>A number of variable length (RFC 9000, 16); below 2^30.</summary>
    public ByteWriter Number(uint value) => value switch
    {
        < 1 << 6 => Byte((int)value),
        < 1 << 14 => Word(0x4000 | (int)value),
        _ => Word(0x8000 | (int)(value >> 16)).Word((int)(value & 0xffff)),
    };
}
