namespace ProbeNet.Agent.Probes.Quic;

/// <summary>The one datagram that a client opens a connection with (RFC 9000, 17.2.2), padded to 1,200 bytes.</summary>
static class QuicPacket
{
    public const uint Version1 = 1;

    /// <summary>RFC 9000, 15: versions of this form are there to make a server say which it knows.</summary>
    public const uint ReservedVersion = 0x5a2a4a8a;

    const int Size = 1200;
    const int NumberLength = 4;
    const int CryptoFrame = 6;

    /// <param name="first">The identifier that the client draws for the server; eight bytes or more.</param>
    /// <param name="own">The client's own identifier.</param>
    public static byte[] Initial(uint version, ReadOnlySpan<byte> first, ReadOnlySpan<byte> own, ReadOnlySpan<byte> clientHello)
    {
        var header = new ByteWriter().Byte(0xC0 | (NumberLength - 1))
            .Word((int)(version >> 16)).Word((int)(version & 0xffff)).Short(first).Short(own).Number(0);
        var frames = new ByteWriter().Byte(CryptoFrame).Number(0).Number((uint)clientHello.Length).Raw(clientHello);
        var payload = new byte[Math.Max(frames.Length, Size - header.Length - 2 - NumberLength - QuicKeys.TagSize)];
        frames.ToArray().CopyTo(payload, 0);
        header.Word(0x4000 | (NumberLength + payload.Length + QuicKeys.TagSize));
        var numberAt = header.Length;
        byte[] head = [.. header.ToArray(), 0, 0, 0, 0];
        var packet = new byte[head.Length + payload.Length + QuicKeys.TagSize];
        var keys = QuicKeys.OfClient(first);
        keys.Seal(0, payload, packet.AsSpan(head.Length), head);
        head.CopyTo(packet, 0);
        var mask = keys.Mask(packet.AsSpan(numberAt + 4));
        packet[0] ^= (byte)(mask[0] & 0x0f);
        for (var i = 0; i < NumberLength; i++)
            packet[numberAt + i] ^= mask[1 + i];
        return packet;
    }
}
