using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ProbeNet.Agent.Measurements;
using ProbeNet.Agent.Probes;
using ProbeNet.Agent.Probes.Dns;
using ProbeNet.Agent.Probes.Http;
using ProbeNet.Agent.Probes.Path;
using ProbeNet.Agent.Probes.Quic;
using ProbeNet.Agent.Probes.Tls;
using ProbeNet.Protos;
using ProbeNet.Protos.V1;
using ProbeNet.Testing;
using Xunit;
using Task = System.Threading.Tasks.Task;

namespace ProbeNet.Agent.Tests.Probes;

/// <summary>Whatever reads bytes that the network brought, a million inputs each in the long form.</summary>
[Collection(nameof(FuzzTests))]
public sealed class FuzzTests
{
    const string Name = "www.example.test";

    [CollectionDefinition(nameof(FuzzTests), DisableParallelization = true)]
    public sealed class Alone;

    [Fact]
    public void DNS_replies() => new Fuzzer(DnsExamples(), [0xC0, 12], [0, 65, 0, 1], [0, 5, 0, 1], [0, 41, 4, 208]).Run(Fuzzer.Inputs, bytes =>
    {
        var type = (ushort)(bytes.Length % 3 == 0 ? DnsMessage.TypeHttps : DnsMessage.TypeA);
        return Result(DnsReplies.Read(bytes, 0, Name, type));
    });

    [Fact]
    public void DNS_replies_over_streams() => new Fuzzer([.. DnsExamples().Select(message => (byte[])[(byte)(message.Length >> 8), (byte)message.Length, .. message])]).Run(Fuzzer.Inputs, bytes =>
        Outcome(() => StreamExchange.AskAsync(new Replayed(bytes), DnsMessage.WriteQuery(0, Name, DnsMessage.TypeA), TestContext.Current.CancellationToken)));

    [Fact]
    public void DNS_replies_over_HTTPS()
    {
        var heads = new[] { "HTTP/1.1 200 OK\r\nContent-Type: application/dns-message\r\nContent-Length: {0}\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Type: application/dns-message\r\nTransfer-Encoding: chunked\r\n\r\n{0:x}\r\n" };
        byte[][] examples = [.. heads.SelectMany(head => DnsExamples().Select(message => (byte[])[.. Encoding.ASCII.GetBytes(string.Format(null, head, message.Length)), .. message, .. "\r\n0\r\n\r\n"u8]))];
        new Fuzzer(examples, HttpTokens).Run(ThroughHandler, bytes =>
            Outcome(() => HttpsExchange.AskAsync(new Replayed(bytes), "resolver.test", "/dns-query", DnsMessage.WriteQuery(0, Name, DnsMessage.TypeA), TestContext.Current.CancellationToken)));
    }

    [Fact]
    public void QUIC_replies()
    {
        byte[] first = [1, 2, 3, 4, 5, 6, 7, 8], own = [9, 10, 11, 12];
        new Fuzzer(
            [
                ScriptedQuic.Initial(first, own, [2, 0, 0, 0, 0, 6, 0, 4, 2, 0, 0, 0]), ScriptedQuic.Initial(first, own, [0x1c, 0x41, 0x50, 0, 0]),
                [0x80, 0, 0, 0, 0, 4, .. own, 8, .. first, 0, 0, 0, 1], [0xF0, 0, 0, 0, 1, 4, .. own, 0, .. new byte[40]],
            ]).Run(Fuzzer.Inputs, bytes => Read(bytes));
        // What a device that knows the keys could write: any frames under a true seal.
        new Fuzzer([[2, 0, 0, 0, 0, 6, 0, 4, 2, 0, 0, 0], [3, 1, 1, 2, 0, 0, 0, 1, 1, 1], [0x1c, 0x41, 0x50, 0, 0]], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0x40, 0])
            .Run(Fuzzer.Inputs, frames => Read(ScriptedQuic.Initial(first, own, frames.AsSpan(0, Math.Min(frames.Length, 1000)))));

        int Read(byte[] datagram)
        {
            var reply = QuicReply.Read(datagram, first, own);
            return HashCode.Combine(reply.Kind, reply.CloseCode % 16);
        }
    }

    [Fact]
    public void ICMP_errors_and_TCP_answers()
    {
        byte[] inner = [0x45, 0, 0, 40, 0, 0, 0, 0, 1, 6, 0, 0, 10, 0, 0, 1, 8, 8, 8, 8, 0x9c, 0x41, 0x01, 0xbb, 0, 0, 1, 2];
        byte[] exceeded = [0x45, 0, 0, 56, 0, 0, 0, 0, 63, 1, 0, 0, 11, 1, 0, 1, 10, 0, 0, 1, 11, 0, 0, 0, 0, 0, 0, 0, .. inner];
        byte[] reset = [0x45, 0, 0, 40, 0, 0, 0, 0, 61, 6, 0, 0, 8, 8, 8, 8, 10, 0, 0, 1, 0x01, 0xbb, 0x9c, 0x41, 0, 0, 0, 0, 0, 0, 0, 0, 0x50, 4, 0, 0, 0, 0, 0, 0];
        Assert.Equal(new IpPacket(IPAddress.Parse("11.1.0.1"), 40_001, 443, 63, IpPacket.TimeExceeded, false, false, 258), IpPacket.Read(exceeded));
        Assert.Equal(new IpPacket(IPAddress.Parse("8.8.8.8"), 40_001, 443, 61, null, true, false, 0), IpPacket.Read(reset));
        new Fuzzer([exceeded, reset, [.. reset, .. exceeded]], [0x46], inner).Run(Fuzzer.Inputs, bytes =>
            IpPacket.Read(bytes) is { } packet ? HashCode.Combine(packet.IcmpType, packet.Answers, packet.Opens, packet.Ttl % 4, bytes[0]) : 0);
    }

    [Fact]
    public void TLS_records()
    {
        byte[] hello = [22, 3, 3, 0, 8, 2, 0, 0, 4, 3, 3, 0, 0, 21, 3, 3, 0, 2, 2, 40];
        Assert.Equal(40u, TlsRecords.AlertIn(hello));
        new Fuzzer([hello, [21, 3, 1, 0, 2, 2, 112], "HTTP/1.1 403 Forbidden\r\n"u8.ToArray()], [21, 3, 3, 0, 2, 2, 70], [22, 3, 3, 0xff, 0xff])
            .Run(Fuzzer.Inputs, bytes => HashCode.Combine(TlsRecords.AlertIn(bytes), PathPayload.Kind(bytes)));
    }

    [Fact]
    public void Certificates_of_a_peer()
    {
        byte[][] chain = [TestAuthority.Valid("www.example.test", "10.1.2.3").RawData, TestAuthority.SelfSigned("www.example.test").RawData, TestAuthority.Roots[0].RawData];
        new Fuzzer(chain, [0x30, 0x82], [0x80], [0x17, 13]).Run(Fuzzer.Inputs, bytes =>
        {
            X509Certificate2 certificate;
            try
            {
                certificate = X509CertificateLoader.LoadCertificate(bytes);
            }
            catch (CryptographicException)
            {
                // The handshake would have failed with it.
                return 0;
            }
            using (certificate)
            {
                var read = new PeerCertificates(TimeProvider.System);
                foreach (var errors in new[] { SslPolicyErrors.None, SslPolicyErrors.RemoteCertificateNameMismatch, SslPolicyErrors.RemoteCertificateChainErrors })
                    read.Record(this, certificate, null, errors);
                return HashCode.Combine(read.Failure, read.Sent.Count, bytes.Length / 64);
            }
        });
    }

    [Fact]
    public void HTTP_responses()
    {
        byte[][] examples =
        [
            Encoding.ASCII.GetBytes(ScriptedServer.Response("200 OK", "<title>A page</title> call 012 345 678 from 11.2.3.4", "Server: x", "Content-Type: text/html; charset=utf-8")),
            Encoding.ASCII.GetBytes("HTTP/1.1 302 Found\r\nLocation: http://other.example/a?b=c\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
            [.. "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"u8, .. Packed(new byte[200_000])],
            Encoding.ASCII.GetBytes(ScriptedServer.Response("403 Forbidden", "<html><title>Blocked &#49;</title>", "X-Block: yes", "Content-Type: text/html; charset=utf-16")),
        ];
        var fingerprints = new Fingerprints([Mark("body", "regexp", "(bl+ocked|a page)+$"), Mark("title", "contains", "Blocked"), Mark("header.X-Block", "prefix", "y")]);
        var (clock, probe, rule) = (new ProbeClock(TimeProvider.System), new HttpProbe(TimeSpan.FromSeconds(5)), new RedirectRule(host => host.Length % 2 == 0));
        var (input, peer) = (new Uri("http://site.test/"), new IPEndPoint(IPAddress.Loopback, 80));
        var scrubber = new Scrubber([IPAddress.Parse("11.2.3.4")]);
        var answers = new HashSet<IPAddress>();
        new Fuzzer(examples, HttpTokens).Run(ThroughHandler, bytes =>
        {
            var result = probe.GetAsync(new Replayed(bytes), input, peer, fingerprints, text => scrubber.Text(text, answers), headOnly: false, clock, CancellationToken.None).GetAwaiter().GetResult();
            var seen = result.Observation;
            // Nothing waits for bytes that do not come: the stream has ended.
            Assert.NotEqual(FailureCodes.GenericTimeout, seen.Failure);
            Assert.InRange(seen.CalculateSize(), 0, 64 * 1024);
            var followed = result.Redirect is { } target ? rule.Judge(input, input, target, fingerprinted: true) + RedirectRule.Keep(target, listed: false)[..4] : "";
            return HashCode.Combine(seen.Failure, seen.Status / 100, seen.Headers.Count, seen.Fingerprints.Count, seen.BodyLength == 0, seen.Title.Length, followed);
        });
    }

    // The platform's handler costs a hundred times a datagram; the ordinary run takes a part.
    static int ThroughHandler => Fuzzer.Inputs > 20_000 ? Fuzzer.Inputs : 2_000;

    static byte[][] HttpTokens =>
    [
        "\r\n"u8.ToArray(), "\r\n\r\n"u8.ToArray(), "Transfer-Encoding: chunked\r\n"u8.ToArray(), "Content-Encoding: gzip\r\n"u8.ToArray(), "Content-Length: 10\r\n"u8.ToArray(),
        "Location: //x.test:81/\r\n"u8.ToArray(), "<title>"u8.ToArray(), "&#"u8.ToArray(), "%"u8.ToArray(), "::"u8.ToArray(), "HTTP/1.1 200 OK\r\n"u8.ToArray(), [0xff, 0xfe],
    ];

    static int Result(DnsReply reply)
    {
        Assert.InRange(reply.Answers.Count, 0, 64);
        // Names in a message of 64 KB may be said again and again by pointers; not without end.
        Assert.InRange(reply.CalculateSize(), 0, 64 * 1024);
        return HashCode.Combine(reply.Failure, reply.Rcode, reply.Answers.Count, reply.Answers.FirstOrDefault()?.DataCase, reply.Edns);
    }

    static int Outcome(Func<Task<byte[]>> ask)
    {
        try
        {
            return Result(DnsReplies.Read(ask().GetAwaiter().GetResult(), 0, Name, DnsMessage.TypeA));
        }
        catch (Exception e) when (FailureClassifier.IsNetworkFailure(e))
        {
            return FailureClassifier.Of(e).Length;
        }
    }

    static BlockpageFingerprint Mark(string location, string type, string pattern) => new() { Name = location, Location = location, PatternType = type, Pattern = pattern };

    static byte[] Packed(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    static byte[][] DnsExamples() =>
    [
        ScriptedDns.Reply(Name, 1, 0, edns: true, "8.8.4.4", "8.8.8.8"), ScriptedDns.Reply(Name, 28, 3, edns: false), Service(),
    ];

    // An HTTPS record with ALPN, hints and a key for an encrypted hello.
    static byte[] Service()
    {
        byte[] data = [0, 1, 0, 0, 1, 0, 6, 2, (byte)'h', (byte)'3', 2, (byte)'h', (byte)'2', 0, 4, 0, 4, 8, 8, 4, 4, 0, 5, 0, 2, 1, 2];
        var reply = ScriptedDns.Reply(Name, 65, 0, edns: false);
        reply[7] = 1;
        byte[] whole = [.. reply, 0xC0, 12, 0, 65, 0, 1, 0, 0, 1, 44, 0, (byte)data.Length, .. data];
        var read = DnsReplies.Read(whole, 0, Name, DnsMessage.TypeHttps);
        var service = read.Answers[0].Service;
        Assert.Equal(("", 1u, "h3 h2", "08080404", true), (read.Failure, service.Priority, string.Join(' ', service.Alpn), Convert.ToHexString(service.Hints[0].Span), service.Ech));
        return whole;
    }

    /// <summary>Gives bytes to whoever reads and forgets what is written.</summary>
    sealed class Replayed(byte[] bytes) : MemoryStream(bytes, writable: false)
    {
        public override bool CanWrite => true;

        public override void Write(byte[] buffer, int offset, int count)
        {
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
