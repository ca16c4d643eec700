using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using ProbeNet.Agent.Probes;
using ProbeNet.Agent.Probes.Http;
using ProbeNet.Agent.Probes.Tcp;
using ProbeNet.Agent.Probes.Tls;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Tests.Probes;

public sealed class StreamProbeTests
{
    static readonly TimeSpan Short = TimeSpan.FromMilliseconds(500);
    static readonly byte[] HandshakeFailureAlert = [21, 3, 3, 0, 2, 2, 40];

    readonly ProbeClock _clock = new(TimeProvider.System);
    readonly TrafficMeter _traffic = new();

    [Fact]
    public async Task A_closed_port_is_refused()
    {
        var server = new ScriptedServer(ScriptedServer.Silence);
        await server.DisposeAsync();
        var result = await ConnectAsync(server.EndPoint);
        Assert.Equal(FailureCodes.ConnectionRefused, result.Observation.Failure);
        Assert.Null(result.Socket);
    }

    [Fact]
    public async Task A_handshake_that_is_reset_closed_or_met_with_silence_is_told_apart()
    {
        Assert.Equal(FailureCodes.ConnectionReset, (await HandshakeAsync(ScriptedServer.Reset)).Failure);
        Assert.Equal(FailureCodes.EofError, (await HandshakeAsync(ScriptedServer.Close)).Failure);
        Assert.Equal(FailureCodes.GenericTimeout, (await HandshakeAsync(ScriptedServer.Silence)).Failure);
    }

    [Fact]
    public async Task An_alert_in_clear_is_taken_down_by_number()
    {
        var observation = await HandshakeAsync(ScriptedServer.Say(HandshakeFailureAlert));
        Assert.Equal((FailureCodes.SslHandshakeFailed, 40u, 7u), (observation.Failure, observation.Alert, observation.Received));
    }

    [Fact]
    public async Task A_page_in_clear_where_tls_was_due_is_a_failed_handshake()
    {
        var observation = await HandshakeAsync(ScriptedServer.Say("HTTP/1.1 403 Forbidden\r\n\r\n"u8.ToArray()));
        Assert.Equal(FailureCodes.SslHandshakeFailed, observation.Failure);
        Assert.Equal(26u, observation.Received);
    }

    [Fact]
    public async Task Each_fault_of_a_certificate_has_its_code_and_the_chain_is_kept()
    {
        (string, string)[] expected =
        [
            (FailureCodes.None, "TLSv1.3"), (FailureCodes.SslInvalidHostname, "TLSv1.3"),
            (FailureCodes.SslInvalidCertificate, "TLSv1.3"), (FailureCodes.SslUnknownAuthority, "TLSv1.3"), (FailureCodes.SslInvalidCertificate, "TLSv1.3"),
        ];
        var actual = new List<(string, string)>();
        foreach (var certificate in new[]
        {
            TestAuthority.Valid("site.test"), TestAuthority.Valid("other.test"), TestAuthority.Expired("site.test"), TestAuthority.SelfSigned("site.test"),
            TestAuthority.Undated("site.test"),
        })
        {
            var observation = await HandshakeAsync(ScriptedServer.Https(certificate, _ => ""));
            Assert.NotEmpty(observation.Chain);
            Assert.Equal(certificate.GetCertHash(System.Security.Cryptography.HashAlgorithmName.SHA256), observation.Chain[0]);
            actual.Add((observation.Failure, observation.Version));
        }
        Assert.Equal(expected, actual);
    }

    [Fact]
    public async Task A_request_that_is_reset_closed_or_met_with_silence_is_told_apart()
    {
        Assert.Equal(FailureCodes.ConnectionReset, (await GetAsync(ScriptedServer.Reset)).Failure);
        Assert.Equal(FailureCodes.EofError, (await GetAsync(ScriptedServer.Close)).Failure);
        Assert.Equal(FailureCodes.GenericTimeout, (await GetAsync(ScriptedServer.Silence)).Failure);
        Assert.Equal(FailureCodes.HttpRequestFailed, (await GetAsync(ScriptedServer.Say("no http at all\r\n\r\n"u8.ToArray()))).Failure);
    }

    [Fact]
    public async Task A_page_that_breaks_off_is_recorded_as_far_as_it_came()
    {
        var exchange = await GetAsync(ScriptedServer.Say("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<title>Half</title>"u8.ToArray()));
        Assert.Equal((FailureCodes.EofError, 200u, "Half", 19u), (exchange.Failure, exchange.Status, exchange.Title, exchange.BodyLength));
    }

    [Theory]
    [InlineData("200 OK", HttpProbe.OrdinaryBody)]
    [InlineData("403 Forbidden", HttpProbe.SuspiciousBody)]
    public async Task A_long_body_is_cut(string status, int limit)
    {
        var exchange = await GetAsync(ScriptedServer.Http(ScriptedServer.Response(status, new string('x', 600_000))));
        Assert.Equal(((uint)limit, true, FailureCodes.None), (exchange.BodyLength, exchange.BodyTruncated, exchange.Failure));
    }

    [Fact]
    public async Task The_request_is_that_of_a_browser_and_carries_no_cookie()
    {
        var seen = "";
        await GetAsync(ScriptedServer.Http(head =>
        {
            seen = head;
            return ScriptedServer.Response("200 OK", "", "Set-Cookie: a=b");
        }));
        Assert.StartsWith("GET /path?q=1 HTTP/1.1\r\nHost: site.test\r\nUser-Agent: Mozilla/5.0", seen, StringComparison.Ordinal);
        Assert.Contains("Accept-Encoding: gzip, deflate", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("Cookie", seen, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("probe", seen, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Pages_that_differ_in_little_differ_in_few_bits()
    {
        var page = string.Join(' ', Enumerable.Range(0, 300).Select(i => $"word{i * 7 % 90} and{i}"));
        var near = SimHash.Distance(SimHash.Of(page), SimHash.Of(page.Replace("and150", "changed", StringComparison.Ordinal)));
        var far = SimHash.Distance(SimHash.Of(page), SimHash.Of(string.Join(' ', Enumerable.Range(0, 300).Select(i => $"other{i} text{i * 3}"))));
        Assert.InRange(near, 0, 6);
        Assert.InRange(far, 15, 64);
        Assert.Equal(0ul, SimHash.Of(" ... "));
    }

    async Task<HttpExchange> GetAsync(Func<Socket, CancellationToken, Task> script)
    {
        await using var server = new ScriptedServer(script);
        var connected = await ConnectAsync(server.EndPoint);
        var result = await new HttpProbe(Short * 4).GetAsync(
            new TapStream(connected.Socket!, _traffic), new Uri("http://site.test/path?q=1"), server.EndPoint, Fingerprints.None, text => text,
            headOnly: false, _clock, TestContext.Current.CancellationToken);
        return result.Observation;
    }

    async Task<TlsHandshake> HandshakeAsync(Func<Socket, CancellationToken, Task> script)
    {
        await using var server = new ScriptedServer(script);
        var connected = await ConnectAsync(server.EndPoint);
        var result = await new TlsProbe(_traffic, Short * 4, TestAuthority.Roots).HandshakeAsync(
            connected.Socket!, "site.test", SslApplicationProtocol.Http11, ComparisonArms.None, 0, _clock, TestContext.Current.CancellationToken);
        if (result.Stream is not null)
            await result.Stream.DisposeAsync();
        return result.Observation;
    }

    Task<TcpResult> ConnectAsync(IPEndPoint peer) =>
        new TcpProbe(new ProbeSockets(new AddressPolicy(() => [], _ => true), null, _traffic), Short)
            .ConnectAsync(peer, PeerKind.Target, 0, _clock, TestContext.Current.CancellationToken);
}
