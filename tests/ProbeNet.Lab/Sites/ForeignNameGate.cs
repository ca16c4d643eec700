using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using ProbeNet.Lab.Middlebox;

namespace ProbeNet.Lab.Sites;

/// <summary>A server that will not talk about names that are not its own: it reads the hello before TLS does.</summary>
static class ForeignNameGate
{
    // RFC 8446, 6: a fatal alert, unrecognized_name.
    static readonly byte[] UnrecognizedName = [21, 3, 3, 0, 2, 2, 112];

    /// <param name="siteAt">The site at an address and what it does with foreign names.</param>
    public static async Task Pass(ConnectionContext connection, Func<IPAddress, (string Name, ForeignName Foreign)?> siteAt, Func<Task> next)
    {
        if (siteAt(((IPEndPoint)connection.LocalEndPoint!).Address) is not { Foreign: not ForeignName.Certificate } site
            || await Named(connection.Transport.Input) == site.Name)
        {
            await next();
            return;
        }
        if (site.Foreign == ForeignName.Alert)
        {
            await connection.Transport.Output.WriteAsync(UnrecognizedName);
            await connection.Transport.Output.CompleteAsync();
            return;
        }
        if (connection.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
        {
            // Closed with nothing to wait for is a reset.
            socket.LingerState = new LingerOption(enable: true, 0);
            socket.Close();
        }
        connection.Abort();
    }

    /// <summary>The name in the hello, which stays where it was; null where there is none.</summary>
    static async Task<string?> Named(PipeReader input)
    {
        while (true)
        {
            var read = await input.ReadAsync();
            var (complete, _, name) = NameReader.Read(read.Buffer.ToArray());
            if (complete || read.IsCompleted)
            {
                input.AdvanceTo(read.Buffer.Start);
                return name;
            }
            input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
