using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Observations;
using ProbeNet.Collector.Observations.Ooni;
using ProbeNet.Collector.Tests.Analysis;
using ProbeNet.Protos.V1;
using ProbeNet.Testing;
using Xunit;

namespace ProbeNet.Collector.Tests.Observations;

/// <summary>What agents and files of others bring to the collector, a million inputs each in the long form.</summary>
[Collection(nameof(FuzzTests))]
public sealed class FuzzTests
{
    [CollectionDefinition(nameof(FuzzTests), DisableParallelization = true)]
    public sealed class Alone;

    [Fact]
    public void Measurements() => new Fuzzer([Sealed(Page.Reached("https://site.example/")), Sealed(new Page("http://site.example/a?b").SystemFails("dns_nxdomain_error"))], "://"u8.ToArray(), [0xff, 0xff, 0xff, 0xff, 0x0f])
        .Run(Fuzzer.Inputs, bytes => ObservationParser.Parse(bytes) is { } seen ? HashCode.Combine(seen.Dns.Count, seen.Tcp.Count, seen.Tls.Count, seen.Http.Count, seen.References.Count) : 0);

    [Fact]
    public void Certificates()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=site.example,O=Somebody", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        new Fuzzer([certificate.RawData], [0x30, 0x82], [0x80], [0x06, 3, 0x55, 4, 3]).Run(Fuzzer.Inputs, bytes => CertificateFacts.Read(bytes) is { } facts ? HashCode.Combine(facts.Issuer.Length, facts.SelfSigned) : 0);
    }

    [Fact]
    public void Measurements_of_OONI() => new Fuzzer([Encoding.UTF8.GetBytes(Ooni.OoniFileTests.Reset)], "null"u8.ToArray(), "[{"u8.ToArray(), "\\ud800"u8.ToArray(), "\"url\":\""u8.ToArray(), "://"u8.ToArray())
        .Run(Fuzzer.Inputs, bytes =>
        {
            JsonDocument document;
            try
            {
                document = JsonDocument.Parse(bytes);
            }
            catch (JsonException)
            {
                return 0;
            }
            using (document)
                return OoniReader.Read(document.RootElement) is { } read ? HashCode.Combine(OoniJudging.Judge(read, FingerprintSet.Empty).Outcome, read.Facts.Dns.Count, read.Facts.Tls.Count, read.Helper is null) : 1;
        });

    static byte[] Sealed(Page page) => new SealedMeasurement { Facts = page.Facts.ToByteString(), Circumstance = new Circumstance { TimeGrain = 60, Asn = 64500, Cc = "KH" }.ToByteString() }.ToByteArray();
}
