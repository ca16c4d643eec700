using System.Net.Security;
using System.Security.Authentication;
using System.Text;

namespace ProbeNet.Agent.Probes.Path;

/// <summary>The bytes that a device on the path would look at, made without a network.</summary>
static class PathPayload
{
    /// <summary>A ClientHello as this machine's TLS writes it.</summary>
    public static async Task<byte[]> HelloAsync(string serverName, CancellationToken cancellationToken)
    {
        var written = new CapturingStream();
        await using var tls = new SslStream(written);
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = serverName, ApplicationProtocols = [SslApplicationProtocol.Http11] }, cancellationToken);
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            // Nobody answers there; the hello is all that is wanted.
        }
        return written.ToArray();
    }

    public static byte[] Request(string host, string path) => Encoding.ASCII.GetBytes(
        $"GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: {Http.HttpProbe.UserAgent}\r\nAccept: text/html,*/*;q=0.8\r\nConnection: close\r\n\r\n");

    /// <summary>What kind of answer the first bytes are: enough to tell a forged one from the server's own.</summary>
    public static string Kind(ReadOnlySpan<byte> answer)
    {
        if (answer.StartsWith("HTTP/1."u8) && answer.Length >= 12)
            return $"http:{Encoding.ASCII.GetString(answer.Slice(9, 3)).Trim()}";
        if (answer.Length >= 7 && answer[0] == 21)
            return $"alert:{answer[6]}";
        return answer.Length > 0 && answer[0] == 22 ? "tls" : "other";
    }

    /// <summary>Keeps what is written and ends at the first read.</summary>
    sealed class CapturingStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(0);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.FromResult(0);

        public override int Read(byte[] buffer, int offset, int count) => 0;
    }
}
