using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ProbeNet.Agent.Probes.Dns;

/// <summary>
/// Reads datagrams with the TTL or hop limit they arrived with, which betrays a forged reply. Only `recvmsg` gives it,
/// and the structures below are those of 64-bit Linux; elsewhere the TTL stays 0.
/// </summary>
sealed partial class DatagramReader
{
    const int LevelIp = 0;
    const int LevelIpv6 = 41;
    const int RecvTtl = 12;
    const int RecvHopLimit = 51;
    const int TtlMessage = 2;
    const int HopLimitMessage = 52;
    const int DontWait = 0x40;
    const int WouldBlock = 11;
    const int ControlHeader = 16;

    readonly Socket _socket;
    readonly byte[] _buffer = new byte[4096];

    public DatagramReader(Socket socket)
    {
        _socket = socket;
        GivesTtl = OperatingSystem.IsLinux() && Environment.Is64BitProcess && TryAskForTtl();
    }

    public bool GivesTtl { get; }

    /// <exception cref="SocketException">An ICMP error came back, for one.</exception>
    public async Task<(byte[] Bytes, uint Ttl)> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            if (!GivesTtl)
                return (_buffer[..await _socket.ReceiveAsync(_buffer, SocketFlags.None, cancellationToken)], 0);
            // Waits for a datagram and leaves it in the queue.
            await _socket.ReceiveAsync(_buffer.AsMemory(0, 1), SocketFlags.Peek, cancellationToken);
            if (TryTake(out var bytes, out var ttl))
                return (bytes, ttl);
        }
    }

    bool TryAskForTtl()
    {
        try
        {
            ReadOnlySpan<byte> on = [1, 0, 0, 0];
            if (_socket.AddressFamily == AddressFamily.InterNetworkV6)
                _socket.SetRawSocketOption(LevelIpv6, RecvHopLimit, on);
            else
                _socket.SetRawSocketOption(LevelIp, RecvTtl, on);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    unsafe bool TryTake(out byte[] bytes, out uint ttl)
    {
        (bytes, ttl) = ([], 0);
        var control = stackalloc byte[128];
        fixed (byte* data = _buffer)
        {
            var part = new Part { Base = data, Length = (nuint)_buffer.Length };
            var message = new Message { Parts = &part, PartCount = 1, Control = control, ControlLength = 128 };
            var added = false;
            nint read;
            int error;
            try
            {
                _socket.SafeHandle.DangerousAddRef(ref added);
                read = ReceiveMessage((int)_socket.SafeHandle.DangerousGetHandle(), &message, DontWait);
                error = Marshal.GetLastPInvokeError();
            }
            finally
            {
                if (added)
                    _socket.SafeHandle.DangerousRelease();
            }
            if (read < 0)
                return error == WouldBlock ? false : throw new SocketException(error);
            bytes = _buffer[..(int)read];
            for (nuint at = 0; at + ControlHeader + 4 <= message.ControlLength;)
            {
                var length = *(nuint*)(control + at);
                var (level, type) = (*(int*)(control + at + 8), *(int*)(control + at + 12));
                if (length < ControlHeader)
                    break;
                if ((level, type) is (LevelIp, TtlMessage) or (LevelIpv6, HopLimitMessage))
                    ttl = *(uint*)(control + at + ControlHeader);
                at += (length + 7) & ~(nuint)7;
            }
            return true;
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    unsafe struct Part
    {
        public void* Base;
        public nuint Length;
    }

    [StructLayout(LayoutKind.Sequential)]
    unsafe struct Message
    {
        public void* Name;
        public uint NameLength;
        public Part* Parts;
        public nuint PartCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    private static unsafe partial nint ReceiveMessage(int socket, Message* message, int flags);
}
