using System.Globalization;
using Google.Protobuf;
using ProbeNet.Protos;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Benchmarks;

/// <summary>
/// Measurements of about 1.2 KB with the fields of real ones, or a replay of captured ones; every one at a time and with salts of its
/// own, so none is like another.
/// </summary>
sealed class MadeMeasurements
{
    const int Variants = 1000;
    const int Targets = 200;

    readonly Random _random;
    readonly IReadOnlyList<ByteString> _certificates;
    readonly ByteString[] _facts;
    readonly long _start;

    /// <param name="captured">What is replayed; null for invented ones.</param>
    public MadeMeasurements(Random random, Batch? captured, DateTimeOffset now)
    {
        _random = random;
        _start = now.AddHours(-6).ToUnixTimeSeconds();
        _certificates = captured?.Attachments ?? [];
        _facts = captured is null
            ? [.. Enumerable.Range(0, Variants).Select(n => Small(n).ToByteString())]
            : [.. captured.Measurements.Select(m => m.Facts)];
    }

    /// <summary>Of all variants, in percent: those in which something failed.</summary>
    public int Failing => _facts.Count(facts => Fails(Facts.Parser.ParseFrom(facts))) * 100 / _facts.Length;

    /// <summary>Bytes of one measurement's facts, over all variants.</summary>
    public (int Median, int P95) Sizes
    {
        get
        {
            var sizes = _facts.Select(facts => facts.Length + 100).Order().ToArray();
            return (sizes[sizes.Length / 2], sizes[sizes.Length * 95 / 100]);
        }
    }

    public IEnumerable<ByteString> Attachments() => _certificates;

    public (SealedMeasurement Measurement, long Time) Next()
    {
        var time = _start + (_random.Next(360) * 60);
        var circumstance = new Circumstance
        {
            Time = time,
            TimeGrain = 60,
            List = "kh",
            ListVersion = 3,
            Reason = Reason.Scheduled,
            Asn = 64_501,
            Cc = "KH",
            Access = Access.Fixed,
            AgentVersion = "0.1.0",
        };
        return (new()
        {
            Facts = _facts[_random.Next(_facts.Length)],
            FactsSalt = Bytes(Leaf.SaltSize),
            Circumstance = circumstance.ToByteString(),
            CircumstanceSalt = Bytes(Leaf.SaltSize),
        }, time);
    }

    // Of what was tried for the page itself something failed: at the system's resolver, at an address, or on the way to the page.
    static bool Fails(Facts facts) =>
        facts.Dns.Any(q => q.Engine == "system" && q.QueryType == "A" && q.Failure.Length > 0)
        || facts.Tcp.Any(c => c.Failure.Length > 0) || facts.Tls.Any(h => h.Arm.Length == 0 && h.Failure.Length > 0)
        || facts.Http.Any(e => e.Arm.Length == 0 && e.Failure.Length > 0);

    Facts Small(int n)
    {
        var host = Host(n);
        var address = Bytes(4);
        var facts = new Facts { Input = $"https://{host}/", TestName = "web", TestVersion = "1", DurationUs = Us(), Network = Check() };
        facts.Dns.Add(Query("system", "system", host, address));
        facts.Dns.Add(Query("udp", "quad9", host, address));
        facts.Tcp.Add(new TcpConnect { Address = address, Port = 443, StartedUs = Us(), DurationUs = Us() });
        facts.Tls.Add(Handshake(address, host, ""));
        facts.Http.Add(Exchange($"https://{host}/", address, 200, 8));
        return facts;
    }

    DnsQuery Query(string engine, string resolver, string host, ByteString address, string type = "A") => new()
    {
        Engine = engine,
        Resolver = resolver,
        Hostname = host,
        QueryType = type,
        StartedUs = Us(),
        DurationUs = Us(),
        Replies =
        {
            new DnsReply
            {
                ArrivedUs = Us(), Edns = true, IpTtl = (uint)_random.Next(40, 64), Size = 120,
                Answers = { new DnsAnswer { Cname = $"edge.{host}", Ttl = 300 }, new DnsAnswer { Address = address, Ttl = 60 } },
            },
        },
    };

    TlsHandshake Handshake(ByteString address, string host, string failure)
    {
        var handshake = new TlsHandshake { Address = address, Port = 443, ServerName = host, StartedUs = Us(), DurationUs = Us(), Failure = failure };
        if (failure.Length > 0)
            return handshake;
        (handshake.Version, handshake.CipherSuite, handshake.Alpn, handshake.Received) = ("TLSv1.3", "TLS_AES_128_GCM_SHA256", "h2", 4300);
        handshake.Chain.Add(Enumerable.Range(0, 3).Select(_ => Bytes(32)));
        return handshake;
    }

    HttpExchange Exchange(string url, ByteString address, uint status, int headers, string location = "")
    {
        var exchange = new HttpExchange
        {
            Url = url,
            Address = address,
            Port = 443,
            StartedUs = Us(),
            FirstByteUs = Us(),
            DurationUs = Us(),
            Status = status,
            Location = location,
            BodyLength = (uint)_random.Next(500, 65_536),
            BodySha256 = Bytes(32),
            BodySimhash = (ulong)_random.NextInt64(),
            Title = "News of the day",
        };
        for (var i = 0; i < headers; i++)
            exchange.Headers.Add(new HttpHeader { Name = $"x-header-{i}", Value = Convert.ToHexString(Bytes(_random.Next(4, 20)).Span) });
        return exchange;
    }

    NetworkCheck Check()
    {
        var check = new NetworkCheck { Nonexistent = new() { Engine = "system", Resolver = "system", Hostname = "quietharbour.example", QueryType = "A", Failure = FailureCodes.DnsNxdomain } };
        for (var i = 0; i < 3; i++)
            check.References.Add(new Reference { Input = $"https://reference{_random.Next(50)}.example/", DurationUs = Us() });
        return check;
    }

    static string Host(int n) => string.Create(CultureInfo.InvariantCulture, $"site{n % Targets}.example");

    uint Us() => (uint)_random.Next(1_000, 3_000_000);

    ByteString Bytes(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return UnsafeByteOperations.UnsafeWrap(bytes);
    }
}
