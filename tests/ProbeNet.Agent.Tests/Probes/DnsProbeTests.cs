using System.Net.Security;
using System.Net.Sockets;
using ProbeNet.Agent.Probes;
using ProbeNet.Agent.Probes.Dns;
using ProbeNet.Agent.Probes.Tcp;
using ProbeNet.Agent.Probes.Tls;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Tests.Probes;

public sealed class DnsProbeTests
{
    static readonly DnsTimes Times = new(TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(200));

    [Fact]
    public async Task Every_reply_of_the_window_is_taken_down_with_its_arrival_and_ttl()
    {
        await using var server = new ScriptedDns((name, type) =>
            [ScriptedDns.Reply(name, type, 0, edns: false, "10.10.34.34"), ScriptedDns.Reply(name, type, 0, edns: true, "93.184.216.34")]);
        var query = await AskAsync($"udp://{server.EndPoint}");
        Assert.Equal([false, true], query.Replies.Select(reply => reply.Edns));
        Assert.Equal([64u, 64u], query.Replies.Select(reply => reply.IpTtl));
        Assert.True(query.Replies[1].ArrivedUs >= query.Replies[0].ArrivedUs);
        Assert.Equal(1, server.Asked);
    }

    [Fact]
    public async Task A_closed_port_is_refused_and_not_silent()
    {
        var server = new ScriptedDns((_, _) => []);
        await server.DisposeAsync();
        Assert.Equal(FailureCodes.ConnectionRefused, (await AskAsync($"udp://{server.EndPoint}")).Failure);
        Assert.Equal(FailureCodes.ConnectionRefused, (await AskAsync($"tcp://{server.EndPoint}")).Failure);
    }

    [Fact]
    public async Task Over_tcp_one_reply_comes()
    {
        await using var server = new ScriptedDns((name, type) => [ScriptedDns.Reply(name, type, 0, edns: true, "93.184.216.34")]);
        var query = await AskAsync($"tcp://{server.EndPoint}");
        Assert.Equal(("tcp", "", 1), (query.Engine, query.Failure, query.Replies.Count));
    }

    [Fact]
    public async Task Over_tls_the_resolver_must_prove_its_name()
    {
        await using var dns = new ScriptedDns((name, type) => [ScriptedDns.Reply(name, type, 0, edns: true, "93.184.216.34")]);
        await using var good = new ScriptedServer((socket, token) => Framed(socket, dns, "dns.test", token));
        await using var wrong = new ScriptedServer((socket, token) => Framed(socket, dns, "other.test", token));
        Assert.Equal("", (await AskAsync($"tls://dns.test:{good.EndPoint.Port}#127.0.0.1")).Failure);
        Assert.Equal(FailureCodes.SslInvalidHostname, (await AskAsync($"tls://dns.test:{wrong.EndPoint.Port}#127.0.0.1")).Failure);
        Assert.Equal(1, dns.Asked);
    }

    [Fact]
    public async Task Over_https_the_message_is_posted()
    {
        await using var dns = new ScriptedDns((name, type) => [ScriptedDns.Reply(name, type, 3, edns: true)]);
        var seen = "";
        await using var server = new ScriptedServer(async (socket, token) =>
        {
            await using var stream = new SslStream(new NetworkStream(socket));
            await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = TestAuthority.Valid("dns.test") }, token);
            var buffer = new byte[4096];
            var length = 0;
            while (!System.Text.Encoding.Latin1.GetString(buffer, 0, length).Contains("\r\n\r\n", StringComparison.Ordinal) || length < 200)
                length += await stream.ReadAsync(buffer.AsMemory(length), token);
            seen = System.Text.Encoding.Latin1.GetString(buffer, 0, length);
            var body = System.Text.Encoding.Latin1.GetBytes(seen[(seen.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
            var reply = dns.Answer(body).Single();
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(
                $"HTTP/1.1 200 OK\r\nContent-Type: application/dns-message\r\nContent-Length: {reply.Length}\r\n\r\n"), token);
            await stream.WriteAsync(reply, token);
        });
        var query = await AskAsync($"https://dns.test:{server.EndPoint.Port}/dns-query#127.0.0.1");
        Assert.Equal(FailureCodes.DnsNxdomain, query.Failure);
        Assert.StartsWith("POST /dns-query HTTP/1.1\r\n", seen, StringComparison.Ordinal);
        Assert.Contains("Host: dns.test", seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("udp://192.168.1.1")]
    [InlineData("tcp://10.0.0.1")]
    [InlineData("https://dns.test/dns-query#127.0.0.1")]
    public async Task A_resolver_inside_the_home_is_not_asked(string text)
    {
        var query = await AskAsync(text, new AddressPolicy(() => []));
        Assert.Equal((FailureCodes.DnsBogon, 0), (query.Failure, query.Replies.Count));
    }

    [Fact]
    public void The_systems_resolvers_are_read_as_the_library_reads_them()
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(path, "# comment\nsearch lan\nnameserver 192.0.2.1\nnameserver\t2001:db8::1\nnameserver nonsense\noptions edns0\n");
        Assert.Equal(["192.0.2.1", "2001:db8::1"], new SystemResolvers(path).Find().Select(address => address.ToString()));
        File.Delete(path);
        Assert.Equal(["127.0.0.1"], new SystemResolvers(path).Find().Select(address => address.ToString()));
    }

    static async Task Framed(Socket socket, ScriptedDns dns, string name, CancellationToken cancellationToken)
    {
        await using var stream = new SslStream(new NetworkStream(socket));
        await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = TestAuthority.Valid(name) }, cancellationToken);
        var length = new byte[2];
        await stream.ReadExactlyAsync(length, cancellationToken);
        var query = new byte[length[0] << 8 | length[1]];
        await stream.ReadExactlyAsync(query, cancellationToken);
        var reply = dns.Answer(query).Single();
        await stream.WriteAsync((byte[])[(byte)(reply.Length >> 8), (byte)reply.Length, .. reply], cancellationToken);
    }

    static async Task<DnsQuery> AskAsync(string text, AddressPolicy? policy = null)
    {
        Assert.True(ResolverAddress.TryParse(text, out var resolver));
        var traffic = new TrafficMeter();
        var sockets = new ProbeSockets(policy ?? new AddressPolicy(() => [], _ => true), null, traffic);
        var second = TimeSpan.FromSeconds(2);
        var probe = new DnsProbe(
            sockets, new TcpProbe(sockets, second), new TlsProbe(traffic, second, TestAuthority.Roots), new SystemResolvers(), Times with { Silence = second }, () => 77);
        var pending = probe.Ask(resolver, new DnsQuestion("custom", "www.example.test", "A"), new ProbeClock(TimeProvider.System), TestContext.Current.CancellationToken);
        await pending.Complete;
        return pending.Query;
    }
}
