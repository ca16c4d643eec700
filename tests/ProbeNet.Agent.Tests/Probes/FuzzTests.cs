using System.Diagnostics;
using System.Net;
using System.Text;
using ProbeNet.Agent.Probes;
using ProbeNet.Agent.Probes.Dns;
using ProbeNet.Agent.Probes.Http;
using ProbeNet.Agent.Probes.Path;
using ProbeNet.Agent.Probes.Quic;
using ProbeNet.Agent.Probes.Tls;
using ProbeNet.Protos;
using Xunit;

namespace ProbeNet.Agent.Tests.Probes;

/// <summary>
/// Hostile bytes for every parser: whole inputs at random, and true ones that were cut, changed, spliced and stretched. The
/// seed is fixed; the long form takes a million inputs each.
/// </summary>
public sealed class FuzzTests
{
    const int Seed = 20_251_124;

    // No parser may take more than this for one datagram, nor keep more than a few times its size.
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);
    const long MostBytes = 4 * 1024 * 1024;

    static readonly int Inputs = Environment.GetEnvironmentVariable("PROBENET_FULL") is null ? 20_000 : 1_000_000;

    [Fact]
    public void DNS_replies() => Fuzz(
        [
            ScriptedDns.Reply("www.example.test", 1, 0, edns: true, "8.8.4.4", "8.8.8.8"), ScriptedDns.Reply("www.example.test", 28, 3, edns: false),
            Service(),
        ],
        bytes =>
        {
            var type = (ushort)(bytes.Length % 3 == 0 ? DnsMessage.TypeHttps : DnsMessage.TypeA);
            var reply = DnsReplies.Read(bytes, 0, "www.example.test", type);
            return reply.CalculateSize();
        });

    [Fact]
    public void QUIC_replies()
    {
        byte[] first = [1, 2, 3, 4, 5, 6, 7, 8], own = [9, 10, 11, 12];
        Fuzz(
            [
                ScriptedQuic.Initial(first, own, [2, 0, 0, 0, 0, 6, 0, 4, 2, 0, 0, 0]), ScriptedQuic.Initial(first, own, [0x1c, 0x41, 0x50, 0, 0]),
                [0x80, 0, 0, 0, 0, 4, .. own, 8, .. first, 0, 0, 0, 1], [0xF0, 0, 0, 0, 1, 4, .. own, 0, .. new byte[40]],
            ],
            bytes => QuicReply.Read(bytes, first, own).Kind.Length);
        // What a device that knows the keys could write: frames at random under a true seal.
        Fuzz(
            [[2, 0, 0, 0, 0, 6, 0, 4, 2, 0, 0, 0], [3, 1, 1, 2, 0, 0, 0, 1, 1, 1], [0x1c, 0x41, 0x50, 0, 0]],
            frames => QuicReply.Read(ScriptedQuic.Initial(first, own, frames.AsSpan(0, Math.Min(frames.Length, 1000))), first, own).Kind.Length, share: 20);
    }

    [Fact]
    public void ICMP_errors_and_TCP_answers()
    {
        byte[] inner = [0x45, 0, 0, 40, 0, 0, 0, 0, 1, 6, 0, 0, 10, 0, 0, 1, 8, 8, 8, 8, 0x9c, 0x41, 0x01, 0xbb, 0, 0, 1, 2];
        byte[] exceeded = [0x45, 0, 0, 56, 0, 0, 0, 0, 63, 1, 0, 0, 11, 1, 0, 1, 10, 0, 0, 1, 11, 0, 0, 0, 0, 0, 0, 0, .. inner];
        byte[] reset = [0x45, 0, 0, 40, 0, 0, 0, 0, 61, 6, 0, 0, 8, 8, 8, 8, 10, 0, 0, 1, 0x01, 0xbb, 0x9c, 0x41, 0, 0, 0, 0, 0, 0, 0, 0, 0x50, 4, 0, 0, 0, 0, 0, 0];
        Assert.Equal(new IpPacket(IPAddress.Parse("11.1.0.1"), 40_001, 443, 63, IpPacket.TimeExceeded, false, false, 258), IpPacket.Read(exceeded));
        Assert.Equal(new IpPacket(IPAddress.Parse("8.8.8.8"), 40_001, 443, 61, null, true, false, 0), IpPacket.Read(reset));
        Fuzz([exceeded, reset], bytes => IpPacket.Read(bytes)?.Ttl ?? 0);
    }

    [Fact]
    public void TLS_records()
    {
        byte[] hello = [22, 3, 3, 0, 8, 2, 0, 0, 4, 3, 3, 0, 0, 21, 3, 3, 0, 2, 2, 40];
        Assert.Equal(40u, TlsRecords.AlertIn(hello));
        Fuzz([hello, [21, 3, 1, 0, 2, 2, 112], "HTTP/1.1 403 Forbidden\r\n"u8.ToArray()], bytes => (int)TlsRecords.AlertIn(bytes) + PathPayload.Kind(bytes).Length);
    }

    [Fact]
    public async Task HTTP_responses()
    {
        byte[][] examples =
        [
            Encoding.ASCII.GetBytes(ScriptedServer.Response("200 OK", "<title>A page</title> and some words", "Server: x", "Content-Type: text/html; charset=utf-8")),
            Encoding.ASCII.GetBytes("HTTP/1.1 302 Found\r\nLocation: http://other.example/\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"),
            Encoding.ASCII.GetBytes("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x2e\x08\x00"),
        ];
        var clock = new ProbeClock(TimeProvider.System);
        var probe = new HttpProbe(TimeSpan.FromSeconds(5));
        var random = new Random(Seed);
        // A connection costs a hundred times a datagram; the ordinary run takes a part.
        for (var i = 0; i < (Inputs > 20_000 ? Inputs : 2_000); i++)
        {
            var bytes = Mutate(examples, random);
            var result = await probe.GetAsync(
                new Replayed(bytes), new Uri("http://site.test/"), new IPEndPoint(IPAddress.Loopback, 80), Fingerprints.None, text => text, headOnly: false, clock,
                TestContext.Current.CancellationToken);
            Assert.True(result.Observation.CalculateSize() < MostBytes);
            Assert.NotEqual(FailureCodes.GenericTimeout, result.Observation.Failure);
        }
    }

    static void Fuzz(byte[][] examples, Func<byte[], int> parse, int share = 1)
    {
        var random = new Random(Seed);
        foreach (var example in examples)
            parse(example);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < Inputs / share; i++)
        {
            var bytes = Mutate(examples, random);
            var (began, allocated) = (watch.Elapsed, GC.GetAllocatedBytesForCurrentThread());
            try
            {
                parse(bytes);
            }
            catch (Exception e)
            {
                Assert.Fail($"{Convert.ToHexString(bytes)}: {e}");
            }
            if (watch.Elapsed - began > Longest || GC.GetAllocatedBytesForCurrentThread() - allocated > MostBytes)
                Assert.Fail($"{Convert.ToHexString(bytes)} took {watch.Elapsed - began} and {GC.GetAllocatedBytesForCurrentThread() - allocated} bytes");
        }
    }

    static byte[] Mutate(byte[][] examples, Random random)
    {
        if (random.Next(8) == 0)
        {
            var noise = new byte[random.Next(1500)];
            random.NextBytes(noise);
            return noise;
        }
        var bytes = (byte[])examples[random.Next(examples.Length)].Clone();
        for (var times = random.Next(1, 6); times > 0 && bytes.Length > 0; times--)
        {
            var at = random.Next(bytes.Length);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    // Lengths and pointers are what breaks parsers.
                    bytes[at] = random.Next(2) == 0 ? (byte)0xff : (byte)0;
                    break;
                case 3:
                    bytes = bytes[..at];
                    break;
                case 4:
                    bytes = [.. bytes[..at], .. new byte[random.Next(64)], .. bytes[at..]];
                    break;
                case 5:
                    bytes = [.. bytes[..at], .. examples[random.Next(examples.Length)]];
                    break;
                default:
                    bytes = [.. bytes[..at], .. Enumerable.Repeat(bytes[at..], random.Next(1, 4)).SelectMany(part => part)];
                    break;
            }
        }
        return bytes.Length > 65_535 ? bytes[..65_535] : bytes;
    }

    // An HTTPS record with ALPN, hints and a key for an encrypted hello.
    static byte[] Service()
    {
        byte[] data = [0, 1, 0, 0, 1, 0, 6, 2, (byte)'h', (byte)'3', 2, (byte)'h', (byte)'2', 0, 4, 0, 4, 8, 8, 4, 4, 0, 5, 0, 2, 1, 2];
        var reply = ScriptedDns.Reply("www.example.test", 65, 0, edns: false);
        reply[7] = 1;
        byte[] whole = [.. reply, 0xC0, 12, 0, 65, 0, 1, 0, 0, 1, 44, 0, (byte)data.Length, .. data];
        var read = DnsReplies.Read(whole, 0, "www.example.test", DnsMessage.TypeHttps);
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
