using System.Net;
using System.Net.Sockets;
using ProbeNet.Lab.Hosts;

namespace ProbeNet.Lab.Middlebox;

/// <summary>Puts forged packets on a router's wires. The router's own translation of addresses does not know them.</summary>
sealed class Sender
{
    // socket(7): SOL_SOCKET, SO_MARK.
    const int SocketLevel = 1, MarkOption = 36, Mark = 0x7e57;

    readonly Socket _v4, _v6;

    public Sender(Host router)
    {
        // A forged reply comes before the connection that it answers is written down, and would be taken for one that clashes with it.
        router.Tool("nft", ["-f", "-"], $$"""
            table inet forged {
              chain out {
                type filter hook output priority -300;
                meta mark {{Mark}} notrack
              }
            }
            """ + "\n");
        _v4 = Marked(router.Raw(AddressFamily.InterNetwork));
        _v6 = Marked(router.Raw(AddressFamily.InterNetworkV6));
    }

    public void Send(byte[] packet, IPAddress to)
    {
        try
        {
            (to.AddressFamily == AddressFamily.InterNetwork ? _v4 : _v6).SendTo(packet, new IPEndPoint(to, 0));
        }
        catch (SocketException)
        {
            // A forged packet that does not leave is a lost packet.
        }
    }

    static Socket Marked(Socket socket)
    {
        socket.SetRawSocketOption(SocketLevel, MarkOption, BitConverter.GetBytes(Mark));
        return socket;
    }
}
