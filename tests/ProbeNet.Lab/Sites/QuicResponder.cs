using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using ProbeNet.Lab.Hosts;

namespace ProbeNet.Lab.Sites;

/// <summary>
/// UDP port 443 of one address. It answers a first packet as a server does that is in no hurry: an unknown version with
/// those it knows (RFC 9000, 17.2.1), version 1 with a Retry whose integrity tag is right (RFC 9001, 5.8). It goes no further.
/// </summary>
sealed class QuicResponder : IDisposable
{
    const int SmallestInitial = 1200, LongestIdentifier = 20, TagSize = 16;
    static readonly byte[] RetryKey = Convert.FromHexString("be0c690b9f66575a1d766b54e368c84e");
    static readonly byte[] RetryNonce = Convert.FromHexString("461599d35d632bf2239825bb");
    readonly Func<bool> _answers;
    readonly Socket _socket;

    /// <param name="answers">Whether it is switched on now.</param>
    public QuicResponder(Host host, IPAddress address, Func<bool> answers)
    {
        _answers = answers;
        _socket = host.Udp(new IPEndPoint(address, 443));
        _ = Serve();
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Null for what is no first packet of a client.</summary>
    public static byte[]? Answer(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < SmallestInitial || (packet[0] & 0x80) == 0)
            return null;
        var to = packet[5];
        if (to > LongestIdentifier || packet[6 + to] > LongestIdentifier)
            return null;
        var first = packet.Slice(6, to);
        var client = packet.Slice(7 + to, packet[6 + to]);
        return BinaryPrimitives.ReadUInt32BigEndian(packet[1..]) == 1
            ? Retry(first, client)
            : [0x80, 0, 0, 0, 0, (byte)client.Length, .. client, (byte)first.Length, .. first, 0, 0, 0, 1];
    }

    static byte[] Retry(ReadOnlySpan<byte> first, ReadOnlySpan<byte> client)
    {
        byte[] head = [0xF0, 0, 0, 0, 1, (byte)client.Length, .. client, 8, .. RandomNumberGenerator.GetBytes(8), .. RandomNumberGenerator.GetBytes(24)];
        return [.. head, .. RetryTag(first, head)];
    }

    /// <param name="first">The identifier that the client drew for the server.</param>
    /// <param name="head">The packet as far as the tag.</param>
    public static byte[] RetryTag(ReadOnlySpan<byte> first, ReadOnlySpan<byte> head)
    {
        byte[] pseudo = [(byte)first.Length, .. first, .. head];
        var tag = new byte[TagSize];
        using var cipher = new AesGcm(RetryKey, TagSize);
        cipher.Encrypt(RetryNonce, ReadOnlySpan<byte>.Empty, Span<byte>.Empty, tag, pseudo);
        return tag;
    }

    async Task Serve()
    {
        var buffer = new byte[2048];
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveFromAsync(buffer, _socket.LocalEndPoint!);
                if (_answers() && Answer(buffer.AsSpan(0, received.ReceivedBytes)) is { } answer)
                    await _socket.SendToAsync(answer, received.RemoteEndPoint);
            }
        }
        catch (Exception closed) when (closed is ObjectDisposedException or SocketException)
        {
            // The lab was stopped.
        }
    }
}
