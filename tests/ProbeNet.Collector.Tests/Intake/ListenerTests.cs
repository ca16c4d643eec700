using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using ProbeNet.Collector.Intake;
using Xunit;

namespace ProbeNet.Collector.Tests.Intake;

public sealed class ListenerTests(CollectorFixture fixture)
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Without_the_secret_path_every_request_gets_what_an_empty_web_server_says(string version)
    {
        var collector = await fixture.CollectorAsync();
        using var client = new HttpClient(RunningCollector.Handler());
        var nothing = await SayAsync(client, collector, version, HttpMethod.Get, "/", grpc: false);
        Assert.StartsWith("404 content-length: 0", nothing, StringComparison.Ordinal);
        Assert.DoesNotContain("server", nothing, StringComparison.OrdinalIgnoreCase);
        foreach (var path in new[] { "/", "/robots.txt", "/probenet.v1.Sessions/Open", "/wrong/probenet.v1.Sessions/Open", "/api/v1/matrix", "/metrics", "/healthz" })
        {
            Assert.Equal(nothing, await SayAsync(client, collector, version, HttpMethod.Get, path, grpc: false));
            Assert.Equal(nothing, await SayAsync(client, collector, version, HttpMethod.Post, path, grpc: true));
        }
        var secret = "/" + collector.Fleet.Keys.SecretPath;
        Assert.Equal(nothing, await SayAsync(client, collector, version, HttpMethod.Get, secret + "/probenet.v1.Sessions/Open", grpc: false));
        Assert.Equal(nothing, await SayAsync(client, collector, version, HttpMethod.Post, secret + "/", grpc: true));
    }

    [Fact]
    public async Task The_web_listener_does_not_serve_agents()
    {
        var collector = await fixture.CollectorAsync();
        using var client = new HttpClient(RunningCollector.Handler());
        foreach (var path in new[] { "/probenet.v1.Sessions/Open", $"/{collector.Fleet.Keys.SecretPath}/probenet.v1.Sessions/Open" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(collector.Web, path)) { Content = new ByteArrayContent([]) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
            using var response = await client.SendAsync(request, Cancel);
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    [Fact]
    public async Task A_trusted_proxy_says_for_whom_it_speaks_and_agents_pass_behind_it()
    {
        await using var collector = await RunningCollector.StartAsync("--Collector:TrustedProxies:0=127.0.0.1");
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, collector.Agents.Port, Cancel);
        await socket.SendAsync(Header("11.5.0.9"), Cancel);
        await using var tls = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: true, (_, certificate, _, _) => certificate is not null);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, Cancel);
        await tls.WriteAsync("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), Cancel);
        var buffer = new byte[1024];
        var read = await tls.ReadAsync(buffer, Cancel);
        Assert.StartsWith("HTTP/1.1 404", Encoding.ASCII.GetString(buffer, 0, read), StringComparison.Ordinal);
        // And a front that says nothing still passes.
        await TestSession.EnrolAsync(collector, await collector.InviteAsync());
    }

    [Fact]
    public async Task From_anybody_else_a_proxy_header_is_only_broken_TLS()
    {
        var collector = await fixture.CollectorAsync();
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, collector.Agents.Port, Cancel);
        await socket.SendAsync(Header("11.5.0.9"), Cancel);
        await using var tls = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: true, (_, certificate, _, _) => certificate is not null);
        await Assert.ThrowsAnyAsync<Exception>(() => tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, Cancel));
    }

    [Fact]
    public void A_proxy_header_is_read_whole_or_not()
    {
        var header = Header("11.5.0.9");
        Assert.Equal(ProxyHeader.Outcome.Read, ProxyHeader.Read(new ReadOnlySequence<byte>([.. header, 1, 2, 3]), out var address, out var length));
        Assert.Equal(IPAddress.Parse("11.5.0.9"), address);
        Assert.Equal(header.Length, length);
        for (var cut = 0; cut < header.Length; cut++)
            Assert.Equal(ProxyHeader.Outcome.Incomplete, ProxyHeader.Read(new ReadOnlySequence<byte>(header, 0, cut), out _, out _));
        Assert.Equal(ProxyHeader.Outcome.Absent, ProxyHeader.Read(new ReadOnlySequence<byte>([0x16, 0x03, 0x01]), out _, out _));
        header[12] = 0x31;
        Assert.Equal(ProxyHeader.Outcome.Malformed, ProxyHeader.Read(new ReadOnlySequence<byte>(header), out _, out _));
        Assert.Equal(ProxyHeader.Outcome.Read, ProxyHeader.Read(new ReadOnlySequence<byte>(Header("2a0b:1::7")), out address, out _));
        Assert.Equal(IPAddress.Parse("2a0b:1::7"), address);
        var local = Header("11.5.0.9");
        local[12] = 0x20;
        Assert.Equal(ProxyHeader.Outcome.Read, ProxyHeader.Read(new ReadOnlySequence<byte>(local), out address, out _));
        Assert.Null(address);
    }

    static byte[] Header(string client)
    {
        var source = IPAddress.Parse(client).GetAddressBytes();
        byte[] tail = [.. source, .. source, 0x30, 0x39, 0x01, 0xBB];
        return
        [
            0x0D, 0x0A, 0x0D, 0x0A, 0x00, 0x0D, 0x0A, 0x51, 0x55, 0x49, 0x54, 0x0A,
            0x21, (byte)(source.Length == 4 ? 0x11 : 0x21), (byte)(tail.Length >> 8), (byte)tail.Length, .. tail,
        ];
    }

    // Everything that a scanner could tell two answers apart by, but for the date.
    static async Task<string> SayAsync(HttpClient client, RunningCollector collector, string version, HttpMethod method, string path, bool grpc)
    {
        using var request = new HttpRequestMessage(method, new Uri(collector.Agents, path))
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (grpc)
        {
            request.Content = new ByteArrayContent([0, 0, 0, 0, 0]);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        }
        using var response = await client.SendAsync(request, Cancel);
        var headers = response.Headers.Concat(response.Content.Headers).Where(header => header.Key != "Date").OrderBy(header => header.Key, StringComparer.Ordinal);
        return $"{(int)response.StatusCode} {string.Join(", ", headers.Select(header => $"{header.Key.ToLowerInvariant()}: {string.Join(' ', header.Value)}"))}"
            + await response.Content.ReadAsStringAsync(Cancel);
    }
}
