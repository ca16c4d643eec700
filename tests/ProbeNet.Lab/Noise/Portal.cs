using System.Net;
using System.Net.Sockets;
using System.Text;
using ProbeNet.Lab.Hosts;

namespace ProbeNet.Lab.Noise;

/// <summary>A café's login page: every request in clear text is sent there.</summary>
sealed class Portal : IDisposable
{
    readonly TcpService _service;
    readonly byte[] _answer;

    public Portal(Host router, IPAddress own)
    {
        _answer = Encoding.ASCII.GetBytes($"HTTP/1.1 302 Found\r\nLocation: http://{own}/login\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        _service = TcpService.Everywhere(router, HomeRouter.PortalPort, Answer);
    }

    public void Dispose() => _service.Dispose();

    async Task Answer(Socket visitor)
    {
        await using var stream = new NetworkStream(visitor, ownsSocket: true);
        using var reader = new StreamReader(stream, leaveOpen: true);
        while (await reader.ReadLineAsync() is { Length: > 0 })
        {
        }
        await stream.WriteAsync(_answer);
    }
}
