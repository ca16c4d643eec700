using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;
using ProbeNet.Protos;
using ProbeNet.Protos.Sealing;
using ProbeNet.Protos.V1;

namespace ProbeNet.Benchmarks;

/// <summary>Measurements with the fields, counts and sizes of real ones; every one sealed with salts of its own, so none is like another.</summary>
sealed class MadeMeasurements
{
    const int Variants = 1000;
    const int Targets = 200;

    readonly Random _random;
    readonly Func<int, Facts> _make;
    readonly List<ByteString> _certificates = [];
    readonly ByteString[] _facts;
    readonly long _start;

    public MadeMeasurements(Random random, bool realistic, DateTimeOffset now)
    {
        _random = random;
        _start = now.AddHours(-6).ToUnixTimeSeconds();
        _make = realistic ? Realistic : Small;
        if (realistic)
            MakeCertificates();
        _facts = [.. Enumerable.Range(0, Variants).Select(n => _make(n).ToByteString())];
    }

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
            Facts = _facts[_random.Next(Variants)],
            FactsSalt = Bytes(Leaf.SaltSize),
            Circumstance = circumstance.ToByteString(),
            CircumstanceSalt = Bytes(Leaf.SaltSize),
        }, time);
    }

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

    Facts Realistic(int n)
    {
        var host = Host(n);
        ByteString[] addresses = [Bytes(4), Bytes(4), Bytes(16)];
        var facts = new Facts { Input = $"http://{host}/", TestName = "web", TestVersion = "1", DurationUs = Us(), Network = Check() };
        var failing = n % 10 < 3;
        foreach (var (engine, resolver) in new[] { ("system", "system"), ("udp", "quad9"), ("tcp", "google"), ("https", "cloudflare") })
            foreach (var type in new[] { "A", "AAAA" })
                facts.Dns.Add(failing && n % 10 == 0 && engine == "system"
                    ? new() { Engine = engine, Resolver = resolver, Hostname = host, QueryType = type, StartedUs = Us(), DurationUs = Us(), Failure = FailureCodes.DnsNxdomain, Replies = { new DnsReply { ArrivedUs = Us(), Rcode = 3, Size = 90 } } }
                    : Query(engine, resolver, host, type == "A" ? addresses[0] : addresses[2], type));
        foreach (var address in addresses)
        {
            foreach (var port in new uint[] { 80, 443 })
                facts.Tcp.Add(new TcpConnect { Address = address, Port = port, StartedUs = Us(), DurationUs = Us(), Failure = failing && n % 10 == 2 ? FailureCodes.TimedOut : "" });
            facts.Tls.Add(Handshake(address, host, failing && n % 10 == 1 ? FailureCodes.ConnectionReset : ""));
        }
        if (!failing)
        {
            facts.Http.Add(Exchange($"http://{host}/", addresses[0], 301, 8, $"https://{host}/"));
            facts.Http.Add(Exchange($"https://{host}/", addresses[0], 302, 12, $"https://{host}/km"));
            facts.Http.Add(Exchange($"https://{host}/km", addresses[0], 200, 20));
        }
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
        handshake.Chain.Add(_certificates.Count > 0
            ? _certificates.OrderBy(_ => _random.Next()).Take(3).Select(certificate => ByteString.CopyFrom(SHA256.HashData(certificate.Span)))
            : Enumerable.Range(0, 3).Select(_ => Bytes(32)));
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

    void MakeCertificates()
    {
        using var key = RSA.Create(2048);
        for (var i = 0; i < 12; i++)
        {
            var request = new CertificateRequest($"CN=site{i}.example, O=An invented site {i}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(90));
            _certificates.Add(ByteString.CopyFrom(certificate.RawData));
        }
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
