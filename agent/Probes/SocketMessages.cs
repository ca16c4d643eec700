using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ProbeNet.Agent.Probes;

/// <summary>An ICMP error that came back for a packet of this socket.</summary>
sealed record IcmpError(byte Type, byte Code, IPAddress? From);

/// <summary>
/// What `recvmsg` tells beside the bytes: the TTL of a datagram and the ICMP errors that a socket keeps in a queue of its
/// own. The structures are those of 64-bit Linux; elsewhere nothing here is available.
/// </summary>
static partial class SocketMessages
{
    const int LevelIp = 0;
    const int LevelIpv6 = 41;
    const int RecvErrors = 11;
    const int RecvTtl = 12;
    const int RecvHopLimit = 51;
    const int TtlMessage = 2;
    const int HopLimitMessage = 52;
    const int DontWait = 0x40;
    const int ErrorQueue = 0x2000;
    const int WouldBlock = 11;
    const int ControlHeader = 16;
    const int ControlSize = 512;
    const byte OriginIcmp = 2;

    public static bool Available { get; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess;

    /// <summary>Asks for the TTL of what arrives. False where the system does not give it.</summary>
    public static bool TryWantTtl(Socket socket) =>
        socket.AddressFamily == AddressFamily.InterNetworkV6 ? TrySet(socket, LevelIpv6, RecvHopLimit) : TrySet(socket, LevelIp, RecvTtl);

    /// <summary>Asks for ICMP errors, IPv4 alone. To be done before anything is sent.</summary>
    public static bool TryWantErrors(Socket socket) =>
        socket.AddressFamily == AddressFamily.InterNetwork && TrySet(socket, LevelIp, RecvErrors);

    /// <summary>Takes a datagram that waits. False when none does.</summary>
    /// <exception cref="SocketException">An ICMP error came back, for one.</exception>
    public static bool TryTake(Socket socket, byte[] buffer, out int length, out uint ttl)
    {
        var read = Receive(socket, buffer, 0, out ttl, out _, out var error);
        length = (int)read;
        return read >= 0 || (error == WouldBlock ? false : throw new SocketException(error));
    }

    /// <summary>Takes the oldest ICMP error that waits; null when none does.</summary>
    public static IcmpError? TakeError(Socket socket)
    {
        if (!Available)
            return null;
        var buffer = new byte[512];
        return Receive(socket, buffer, ErrorQueue, out _, out var icmp, out _) >= 0 ? icmp : null;
    }

    static bool TrySet(Socket socket, int level, int name)
    {
        if (!Available)
            return false;
        try
        {
            ReadOnlySpan<byte> on = [1, 0, 0, 0];
            socket.SetRawSocketOption(level, name, on);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    static unsafe nint Receive(Socket socket, byte[] buffer, int flags, out uint ttl, out IcmpError? icmp, out int error)
    {
        (ttl, icmp) = (0, null);
        var control = stackalloc byte[ControlSize];
        fixed (byte* data = buffer)
        {
            var part = new Part { Base = data, Length = (nuint)buffer.Length };
            var message = new Message { Parts = &part, PartCount = 1, Control = control, ControlLength = ControlSize };
            var added = false;
            nint read;
            try
            {
                socket.SafeHandle.DangerousAddRef(ref added);
                read = ReceiveMessage((int)socket.SafeHandle.DangerousGetHandle(), &message, flags | DontWait);
                error = Marshal.GetLastPInvokeError();
            }
            finally
            {
                if (added)
                    socket.SafeHandle.DangerousRelease();
            }
            if (read >= 0)
                ReadControl(new ReadOnlySpan<byte>(control, (int)Math.Min(message.ControlLength, ControlSize)), ref ttl, ref icmp);
            return read;
        }
    }

    // struct cmsghdr { size_t length; int level; int type; } and its data, each at a multiple of eight.
    static void ReadControl(ReadOnlySpan<byte> control, ref uint ttl, ref IcmpError? icmp)
    {
        while (control.Length >= ControlHeader)
        {
            var length = (int)Math.Min(BitConverter.ToUInt64(control), (ulong)control.Length);
            if (length < ControlHeader)
                return;
            var (level, type) = (BitConverter.ToInt32(control[8..]), BitConverter.ToInt32(control[12..]));
            var data = control[ControlHeader..length];
            if ((level, type) is (LevelIp, TtlMessage) or (LevelIpv6, HopLimitMessage) && data.Length >= 4)
                ttl = BitConverter.ToUInt32(data);
            else if ((level, type) == (LevelIp, RecvErrors) && data.Length >= 16 && data[4] == OriginIcmp)
                icmp = new IcmpError(data[5], data[6], Offender(data[16..]));
            control = control[Math.Min(control.Length, (length + 7) & ~7)..];
        }
    }

    // A sockaddr_in follows the error: family, port, address.
    static IPAddress? Offender(ReadOnlySpan<byte> address) =>
        address.Length >= 8 && BitConverter.ToUInt16(address) == 2 ? new IPAddress(address.Slice(4, 4)) : null;

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
