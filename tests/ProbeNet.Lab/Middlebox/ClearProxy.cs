using System.Net;
using System.Net.Sockets;
using System.Text;
using ProbeNet.Lab.Hosts;

namespace ProbeNet.Lab.Middlebox;

/// <summary>A proxy on a router that takes requests in clear text and gives the true page, under a header of its own (RFC 9110, 7.6.3).</summary>
sealed class ClearProxy : IDisposable
{
    public const int Port = 8081;
    const int LongestRequest = 16384;
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    readonly Host _router;
    readonly Func<string, IPAddress?> _find;
    readonly TcpService _service;

    /// <param name="find">Where a name's server is.</param>
    public ClearProxy(Host router, Func<string, IPAddress?> find)
    {
        (_router, _find) = (router, find);
        _service = TcpService.Everywhere(router, Port, Carry);
    }

    public void Dispose() => _service.Dispose();

    async Task Carry(Socket visitor)
    {
        await using var near = new NetworkStream(visitor, ownsSocket: true);
        using var deadline = new CancellationTokenSource(Patience);
        var request = new byte[LongestRequest];
        var (length, name) = await NameReader.ReadAsync(near, request, deadline.Token);
        if (name is null || _find(name) is not { } address)
            return;
        using var socket = await _router.TcpAsync();
        await socket.ConnectAsync(address, 80, deadline.Token);
        await using var far = new NetworkStream(socket);
        // One request, one answer: the end of the connection is the end of the page.
        var head = Encoding.ASCII.GetString(request, 0, length).TrimEnd('\r', '\n');
        await far.WriteAsync(Encoding.ASCII.GetBytes(head + "\r\nConnection: close\r\n\r\n"), deadline.Token);
        using var answer = new MemoryStream();
        await far.CopyToAsync(answer, deadline.Token);
        var bytes = answer.ToArray();
        var line = bytes.AsSpan().IndexOf("\r\n"u8) + 2;
        byte[] marked = [.. bytes[..line], .. "Via: 1.1 cache.laboratory\r\n"u8, .. bytes[line..]];
        await near.WriteAsync(marked, deadline.Token);
    }
}
