using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ProbeNet.Agent.Tests.Probes;

/// <summary>A TCP listener on loopback that runs a script for each connection.</summary>
sealed class ScriptedServer : IAsyncDisposable
{
    readonly Func<Socket, CancellationToken, Task> _script;
    readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    readonly CancellationTokenSource _stop = new();
    readonly Task _serving;
    int _connections;

    public ScriptedServer(Func<Socket, CancellationToken, Task> script, int port = 0, string address = "127.0.0.1")
    {
        _script = script;
        _listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Bind(new IPEndPoint(IPAddress.Parse(address), port));
        _listener.Listen();
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        _serving = ServeAsync();
    }

    public IPEndPoint EndPoint { get; }

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Takes no more connections; the port is free again.</summary>
    public void Release() => _listener.Dispose();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stop.Dispose();
    }

    /// <summary>Reads whatever comes first, then resets the connection.</summary>
    public static async Task Reset(Socket socket, CancellationToken cancellationToken)
    {
        await socket.ReceiveAsync(new byte[4096], SocketFlags.None, cancellationToken);
        socket.LingerState = new LingerOption(true, 0);
    }

    /// <summary>Reads whatever comes first, then closes in order.</summary>
    public static async Task Close(Socket socket, CancellationToken cancellationToken)
    {
        await socket.ReceiveAsync(new byte[4096], SocketFlags.None, cancellationToken);
        socket.Shutdown(SocketShutdown.Both);
    }

    /// <summary>Reads for as long as the peer talks and says nothing.</summary>
    public static async Task Silence(Socket socket, CancellationToken cancellationToken)
    {
        while (await socket.ReceiveAsync(new byte[4096], SocketFlags.None, cancellationToken) > 0)
        {
        }
    }

    /// <summary>Reads whatever comes first, sends these bytes and closes.</summary>
    public static Func<Socket, CancellationToken, Task> Say(byte[] bytes) => async (socket, cancellationToken) =>
    {
        await socket.ReceiveAsync(new byte[4096], SocketFlags.None, cancellationToken);
        await socket.SendAsync(bytes, SocketFlags.None, cancellationToken);
        socket.Shutdown(SocketShutdown.Send);
        await Silence(socket, cancellationToken);
    };

    public static Func<Socket, CancellationToken, Task> Http(string response) => Http(_ => response);

    /// <param name="respond">Gets the request's head, gives the whole response.</param>
    public static Func<Socket, CancellationToken, Task> Http(Func<string, string> respond) => async (socket, cancellationToken) =>
    {
        await using var stream = new NetworkStream(socket);
        await RespondAsync(stream, respond, cancellationToken);
        socket.Shutdown(SocketShutdown.Send);
        await Silence(socket, cancellationToken);
    };

    public static Func<Socket, CancellationToken, Task> Https(X509Certificate2 certificate, Func<string, string> respond) =>
        Https(_ => certificate, respond);

    /// <param name="choose">Gets the server name; null resets the connection.</param>
    public static Func<Socket, CancellationToken, Task> Https(Func<string, X509Certificate2?> choose, Func<string, string> respond) =>
        async (socket, cancellationToken) =>
        {
            await using var network = new NetworkStream(socket);
            await using var stream = new SslStream(network);
            try
            {
                await stream.AuthenticateAsServerAsync(
                    (_, hello, _, _) => ValueTask.FromResult(new SslServerAuthenticationOptions
                    {
                        ServerCertificate = choose(hello.ServerName) ?? throw new IOException("Reset, as the script says."),
                        ApplicationProtocols = [SslApplicationProtocol.Http11],
                    }),
                    null, cancellationToken);
            }
            catch (IOException)
            {
                socket.LingerState = new LingerOption(true, 0);
                socket.Close();
                return;
            }
            await RespondAsync(stream, respond, cancellationToken);
            await stream.ShutdownAsync();
            socket.Shutdown(SocketShutdown.Send);
        };

    public static string Response(string status, string body, params string[] headers) =>
        $"HTTP/1.1 {status}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{string.Concat(headers.Select(h => h + "\r\n"))}\r\n{body}";

    static async Task RespondAsync(Stream stream, Func<string, string> respond, CancellationToken cancellationToken)
    {
        var head = new StringBuilder();
        var buffer = new byte[4096];
        while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer, cancellationToken);
            if (read == 0)
                return;
            head.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        await stream.WriteAsync(Encoding.UTF8.GetBytes(respond(head.ToString())), cancellationToken);
    }

    async Task ServeAsync()
    {
        var running = new List<Task>();
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptAsync(_stop.Token);
                Interlocked.Increment(ref _connections);
                running.Add(RunAsync(socket));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
        }
        await Task.WhenAll(running);
    }

    // The peer may leave at any time: that is no fault of the script.
    async Task RunAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                await _script(socket, _stop.Token);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException
                or System.Security.Authentication.AuthenticationException or ObjectDisposedException)
            {
            }
        }
    }
}
