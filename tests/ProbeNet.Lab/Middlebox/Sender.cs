using System.Net;
using System.Net.Sockets;
using ProbeNet.Lab.Hosts;

namespace ProbeNet.Lab.Middlebox;

/// <summary>Puts forged packets on a router's wires.</summary>
sealed class Sender(Host router)
{
    readonly Socket _v4 = router.Raw(AddressFamily.InterNetwork);
    readonly Socket _v6 = router.Raw(AddressFamily.InterNetworkV6);

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
}
