using System.Net;
using System.Net.Sockets;

namespace ProbeNet.Collector.Service;

/// <summary>The addresses that Kestrel will listen on, tried before the store is opened: what cannot succeed should not take long.</summary>
static class ListenerPorts
{
    /// <exception cref="CommandFailure">One of them is taken, or not this machine's.</exception>
    public static void Require(IConfiguration configuration)
    {
        foreach (var endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
        {
            if (endpoint["Url"] is { Length: > 0 } url && EndPointOf(url) is { } address)
                Try(address, url, endpoint.Path);
        }
    }

    // Null where there is nothing to try: a Unix socket, or a port that the system chooses.
    static IPEndPoint? EndPointOf(string url)
    {
        var binding = BindingAddress.Parse(url);
        if (binding.IsUnixPipe || binding.IsNamedPipe || binding.Port == 0)
            return null;
        var host = binding.Host.Trim('[', ']');
        return IPAddress.TryParse(host, out var address) ? new(address, binding.Port)
            : host == "localhost" ? new(IPAddress.Loopback, binding.Port)
            : new(Socket.OSSupportsIPv6 ? IPAddress.IPv6Any : IPAddress.Any, binding.Port);
    }

    static void Try(IPEndPoint address, string url, string setting)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        if (address.Address.Equals(IPAddress.IPv6Any))
            socket.DualMode = true;
        try
        {
            socket.Bind(address);
            socket.Listen();
        }
        catch (SocketException e)
        {
            throw new CommandFailure($"cannot listen: {url}: {e.Message.TrimEnd('.')}. Stop the other program, or set {setting.Replace(":", "__", StringComparison.Ordinal)}__Url.");
        }
    }
}
