using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ProbeNet.Lab.Hosts;

namespace ProbeNet.Lab.Recognition;

/// <summary>Writes down every packet at a host's end of one cable, in both directions, as a provider can at its own end.</summary>
sealed class LineCapture : IDisposable
{
    const int LargestFrame = 65_536, LookForEnd = 100_000;
    static readonly DateTimeOffset Begin = TimeProvider.System.GetUtcNow();
    static readonly Stopwatch Clock = Stopwatch.StartNew();
    readonly Socket _socket;
    readonly FileStream _file;
    readonly Thread _thread;
    volatile bool _ended;

    /// <param name="peer">At the other end of the cable.</param>
    public LineCapture(Host host, Host peer, string file)
    {
        _file = CaptureFile.Create(file);
        _socket = host.Inside(() => Open(Link.Name(peer)));
        // A thread that waits in the kernel stamps sooner than one of a busy pool.
        _thread = new Thread(Take) { IsBackground = true, Name = host.Name + " line" };
        _thread.Start();
    }

    public void Dispose()
    {
        _ended = true;
        _thread.Join();
        _socket.Dispose();
        _file.Dispose();
    }

    void Take()
    {
        var frame = new byte[LargestFrame];
        while (!_ended)
        {
            if (_socket.Poll(LookForEnd, SelectMode.SelectRead))
                CaptureFile.Append(_file, Begin + Clock.Elapsed, frame.AsSpan(0, _socket.Receive(frame)));
        }
    }

    // Without a protocol until it is bound to its cable: nothing of the host's others gets in between.
    static Socket Open(string name)
    {
        var socket = new Socket(AddressFamily.Packet, SocketType.Raw, ProtocolType.Unspecified) { ReceiveBufferSize = 8 << 20 };
        socket.Bind(new Cable(Native.InterfaceIndex(name)));
        return socket;
    }

    /// <summary>packet(7): every protocol of one interface.</summary>
    sealed class Cable(int index) : EndPoint
    {
        const int Size = 20;

        public override AddressFamily AddressFamily => AddressFamily.Packet;

        public override SocketAddress Serialize()
        {
            var address = new SocketAddress(AddressFamily.Packet, Size);
            address[3] = 3;
            BitConverter.TryWriteBytes(address.Buffer.Span[4..], index);
            return address;
        }
    }
}
