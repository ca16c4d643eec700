using System.Net;
using System.Net.Sockets;

namespace ProbeNet.Lab.Hosts;

/// <summary>Counts the packets on a host's cables that go to one address, ARP questions for it included.</summary>
sealed class PacketCount
{
    readonly Socket _sniffer;
    readonly byte[] _address;
    long _packets;

    public PacketCount(Host host, IPAddress address)
    {
        const int addressFamilyPacket = 65536, everyProtocol = 0x0300;
        _address = address.GetAddressBytes();
        _sniffer = host.Inside(() => new Socket((AddressFamily)addressFamilyPacket, SocketType.Raw, (ProtocolType)everyProtocol));
        new Thread(Count) { IsBackground = true, Name = host.Name + " capture" }.Start();
    }

    public long Packets => Interlocked.Read(ref _packets);

    void Count()
    {
        const int ethernet = 14, destination = ethernet + 16, target = ethernet + 24;
        var buffer = new byte[65536];
        while (true)
        {
            var frame = buffer.AsSpan(0, _sniffer.Receive(buffer));
            var ip = frame.Length >= destination + 4 && frame[12] == 8 && frame[13] == 0 && frame.Slice(destination, 4).SequenceEqual(_address);
            var arp = frame.Length >= target + 4 && frame[12] == 8 && frame[13] == 6 && frame.Slice(target, 4).SequenceEqual(_address);
            if (ip || arp)
                Interlocked.Increment(ref _packets);
        }
    }
}
