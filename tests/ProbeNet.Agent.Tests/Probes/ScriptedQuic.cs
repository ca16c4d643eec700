using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ProbeNet.Agent.Probes.Quic;

namespace ProbeNet.Agent.Tests.Probes;

/// <summary>What a QUIC server of a script does with an Initial packet.</summary>
public enum QuicScript
{
    Silence,
    Negotiate,
    Hello,
    Close,
}

/// <summary>A UDP listener on loopback that reads the name in clients' Initial packets, as a server and a censor can.</summary>
sealed class ScriptedQuic : IAsyncDisposable
{
    readonly Func<string, QuicScript> _script;
    readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    readonly CancellationTokenSource _stop = new();
    readonly Task _serving;

    /// <param name="script">Gets the server name; empty for a version that it does not speak.</param>
    public ScriptedQuic(Func<string, QuicScript> script, int port, string address)
    {
        _script = script;
        _socket.Bind(new IPEndPoint(IPAddress.Parse(address), port));
        EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        _serving = ServeAsync();
    }

    public IPEndPoint EndPoint { get; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        await _serving;
        _stop.Dispose();
    }

    /// <summary>The server's Initial packet with these frames.</summary>
    public static byte[] Initial(ReadOnlySpan<byte> first, ReadOnlySpan<byte> client, ReadOnlySpan<byte> frames)
    {
        byte[] server = [9, 9, 9, 9];
        byte[] padded = [.. frames, .. new byte[Math.Max(0, 24 - frames.Length)]];
        var head = new ByteWriter().Byte(0xC1).Word(0).Word(1).Short(client).Short(server).Number(0).Word(0x4000 | (2 + padded.Length + 16)).Word(0).ToArray();
        var packet = new byte[head.Length + padded.Length + 16];
        var keys = QuicKeys.OfServer(first);
        keys.Seal(0, padded, packet.AsSpan(head.Length), head);
        head.CopyTo(packet, 0);
        var numberAt = head.Length - 2;
        var mask = keys.Mask(packet.AsSpan(numberAt + 4));
        packet[0] ^= (byte)(mask[0] & 0x0f);
        packet[numberAt] ^= mask[1];
        packet[numberAt + 1] ^= mask[2];
        return packet;
    }

    /// <summary>Opens a client's Initial packet and gives the name in it.</summary>
    public static string NameIn(byte[] packet)
    {
        var first = packet.AsSpan(6, packet[5]).ToArray();
        var at = 6 + packet[5];
        at += 1 + packet[at] + 1 + 2;
        var keys = QuicKeys.OfClient(first);
        var copy = packet.ToArray();
        var mask = keys.Mask(copy.AsSpan(at + 4));
        copy[0] ^= (byte)(mask[0] & 0x0f);
        for (var i = 0; i < 4; i++)
            copy[at + i] ^= mask[1 + i];
        var plain = keys.Open(0, copy.AsSpan(at + 4), copy.AsSpan(0, at + 4)) ?? throw new InvalidDataException("Not sealed with the client's keys.");
        // CRYPTO, offset 0, length of two bytes, then the hello: 4 + 2 + 32 + 1 + 2+6 + 2, extensions' length, server_name first.
        var name = plain.AsSpan(4 + 4 + 2 + 32 + 1 + 8 + 2 + 2 + 4 + 2 + 1);
        return Encoding.ASCII.GetString(name.Slice(2, BinaryPrimitives.ReadUInt16BigEndian(name)));
    }

    async Task ServeAsync()
    {
        var buffer = new byte[2048];
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), _stop.Token);
                if (Answer(buffer[..received.ReceivedBytes]) is { } answer)
                    await _socket.SendToAsync(answer, received.RemoteEndPoint, _stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
        }
    }

    byte[]? Answer(byte[] packet)
    {
        var first = packet.AsSpan(6, packet[5]);
        var client = packet.AsSpan(7 + packet[5], packet[6 + packet[5]]);
        var known = BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(1)) == QuicPacket.Version1;
        return (known ? _script(NameIn(packet)) : _script("")) switch
        {
            QuicScript.Negotiate => new ByteWriter().Byte(0x80).Word(0).Word(0).Short(client).Short(first).Word(0).Word(1).ToArray(),
            QuicScript.Hello => Initial(first, client, [2, 0, 0, 0, 0, 6, 0, 4, 2, 0, 0, 0]),
            QuicScript.Close => Initial(first, client, [0x1c, 0x41, 0x50, 0, 0]),
            _ => null,
        };
    }
}
