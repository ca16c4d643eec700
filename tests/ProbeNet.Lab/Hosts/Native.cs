using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ProbeNet.Lab.Hosts;

/// <summary>System calls that .NET does not offer. All numbers are those of Linux on every architecture .NET runs on.</summary>
static partial class Native
{
    const int CloneNewNet = 0x40000000;
    const int SetParentDeathSignal = 1;
    const int CloseOnExec = 0x80000;
    const int SigKill = 9;

    /// <summary>Moves the calling thread, and it alone, into a network of its own.</summary>
    public static void EnterNewNetwork() => Check(Unshare(CloneNewNet), "unshare");

    /// <summary>A descriptor on the calling thread's network; while it is open the network lives.</summary>
    public static int OpenOwnNetwork()
    {
        var descriptor = Open("/proc/thread-self/ns/net", CloseOnExec);
        Check(descriptor, "open");
        return descriptor;
    }

    /// <summary>The kernel kills this process when the thread that started it ends.</summary>
    public static void DieWithParent() => Check(Prctl(SetParentDeathSignal, SigKill), "prctl");

    public static int NetfilterSocket()
    {
        const int addressFamilyNetlink = 16, raw = 3, netfilter = 12;
        var descriptor = SocketOf(addressFamilyNetlink, raw | CloseOnExec, netfilter);
        Check(descriptor, "socket");
        return descriptor;
    }

    /// <summary>Room for some thousands of packets; as much as the kernel allows where more is not permitted.</summary>
    public static unsafe void WidenReceiving(int descriptor)
    {
        const int level = 1, receive = 8, receiveForced = 33, wide = 16 << 20;
        var size = wide;
        if (SetOption(descriptor, level, receiveForced, &size, sizeof(int)) != 0)
            _ = SetOption(descriptor, level, receive, &size, sizeof(int));
    }

    /// <summary>In the calling thread's network.</summary>
    public static int InterfaceIndex(string name)
    {
        var index = IndexOf(name);
        Check(index == 0 ? -1 : (int)index, "if_nametoindex");
        return (int)index;
    }

    public static void Kill(int process, int signal) => _ = KillOf(process, signal);

    public static void CloseDescriptor(int descriptor) => _ = Close(descriptor);

    public static unsafe int Receive(int descriptor, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
            return (int)Recv(descriptor, start, (nuint)buffer.Length, 0);
    }

    public static unsafe void Send(int descriptor, ReadOnlySpan<byte> message)
    {
        fixed (byte* start = message)
            Check((int)SendOf(descriptor, start, (nuint)message.Length, 0), "send");
    }

    static void Check(int result, string call)
    {
        if (result < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"{call}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "if_nametoindex", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial uint IndexOf(string name);

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Prctl(int option, nuint argument);

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int SocketOf(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int KillOf(int process, int signal);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static unsafe partial int SetOption(int descriptor, int level, int option, int* value, int length);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    private static unsafe partial nint Recv(int descriptor, byte* buffer, nuint length, int flags);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static unsafe partial nint SendOf(int descriptor, byte* buffer, nuint length, int flags);
}
