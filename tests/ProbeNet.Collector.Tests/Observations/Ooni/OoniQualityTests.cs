using System.Text.Json;
using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Observations.Ooni;
using ProbeNet.Collector.Tests.Analysis;
using ProbeNet.Protos;
using Xunit;

namespace ProbeNet.Collector.Tests.Observations.Ooni;

/// <summary>
/// The rules over the measurements of OONI's quality assurance, where that folder is present. OONI's decision is read from
/// the measurement itself; where this project's differs, the last column says why.
/// </summary>
public sealed class OoniQualityTests
{
    const string Ghost = "the name exists nowhere; OONI asks for no other such name, so a resolver that invents answers for all of them looks the same";

    static readonly (string Name, Outcome Outcome, string Mechanism, string Why)[] Table =
    [
        ("badSSLWithExpiredCertificate", Outcome.Down, "", ""),
        ("badSSLWithUnknownAuthorityWithConsistentDNS", Outcome.Down, "", ""),
        ("badSSLWithWrongServerName", Outcome.Down, "", ""),
        ("cloudflareCAPTCHAWithHTTPS", Outcome.Refused, "", ""),
        ("controlFailureWithSuccessfulHTTPSWebsite", Outcome.Ok, "", ""),
        ("dnsBlockingAndroidDNSCacheNoData", Outcome.Anomaly, Mechanisms.DnsEmpty, ""),
        ("dnsBlockingNXDOMAIN", Outcome.Anomaly, Mechanisms.DnsNxdomain, ""),
        ("dnsHijackingToLocalhostWithHTTP", Outcome.Artefact, Mechanisms.DnsHijack, ""),
        ("dnsHijackingToProxyWithHTTPSURL", Outcome.Ok, Mechanisms.DnsHijack, ""),
        ("ghostDNSBlockingWithHTTP", Outcome.Down, "", Ghost),
        ("ghostDNSBlockingWithHTTPS", Outcome.Down, "", Ghost),
        ("httpDiffWithConsistentDNS", Outcome.Anomaly, Layers.Http, ""),
        ("idnaWithoutCensorshipLowercase", Outcome.Ok, "", ""),
        ("idnaWithoutCensorshipWithFirstLetterUppercase", Outcome.Ok, "", ""),
        ("largeFileWithHTTPS", Outcome.Ok, "", ""),
        ("localhostWithHTTPS", Outcome.Down, "", ""),
        ("redirectWithBrokenLocationForHTTP", Outcome.Anomaly, Layers.Http, ""),
        ("redirectWithConsistentDNSAndThenConnectionRefusedForHTTP", Outcome.Anomaly, Mechanisms.TcpRefused, ""),
        ("redirectWithConsistentDNSAndThenConnectionResetForHTTP", Outcome.Anomaly, Mechanisms.HttpReset, ""),
        ("redirectWithConsistentDNSAndThenConnectionResetForHTTPS", Outcome.Anomaly, Mechanisms.TlsReset, ""),
        ("redirectWithConsistentDNSAndThenEOFForHTTPS", Outcome.Anomaly, Mechanisms.TlsClose, ""),
        ("redirectWithConsistentDNSAndThenTimeoutForHTTP", Outcome.Anomaly, Mechanisms.HttpTimeout, ""),
        ("redirectWithConsistentDNSAndThenTimeoutForHTTPS", Outcome.Anomaly, Mechanisms.TlsTimeout, ""),
        ("redirectWithMoreThanTenRedirectsAndHTTPS", Outcome.Down, "", ""),
        ("successWithHTTPS", Outcome.Ok, "", ""),
        ("tcpBlockingConnectTimeout", Outcome.Anomaly, Mechanisms.TcpTimeout, ""),
        // Without a reference on the same line a slow page is one that did not come in time.
        ("throttlingWithHTTP", Outcome.Anomaly, Mechanisms.HttpTimeout, ""),
        ("tlsBlockingConnectionResetWithConsistentDNS", Outcome.Anomaly, Mechanisms.TlsReset, ""),
        ("tlsBlockingConnectionResetWithInconsistentDNS", Outcome.Anomaly, Mechanisms.TlsReset, ""),
        ("websiteDownNoAddrs", Outcome.Down, "", ""),
    ];

    public static IEnumerable<TheoryDataRow<string>> Names => Table.Select(row => new TheoryDataRow<string>(row.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void A_measurement_of_the_quality_assurance_is_decided_as_OONI_does_or_for_a_reason(string name)
    {
        var file = Path.Combine(FingerprintTests.SharedData, "ooni-qa", name + ".json");
        Assert.SkipUnless(File.Exists(file), "OONI's quality assurance measurements are not here");
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        var measurement = OoniReader.Read(document.RootElement);
        Assert.NotNull(measurement);
        var (_, outcome, mechanism, why) = Table.Single(row => row.Name == name);

        var finding = OoniJudging.Judge(measurement, FingerprintFile.Load([Path.Combine(FingerprintTests.SharedData, "fingerprints_dns.csv")]));

        var found = $"OONI {measurement.Verdict.Blocking}; {finding.Outcome} {string.Join(' ', finding.Mechanisms.Select(m => m.Name))} by {string.Join(", ", finding.Rules)}";
        Assert.True(outcome == finding.Outcome, found);
        Assert.True(mechanism == finding.Mechanisms.Select(m => m.Name).FirstOrDefault(""), found);
        if (why.Length == 0)
            Assert.True(measurement.Verdict.Accuses == outcome.IsInterference(), found);
    }

    [Fact]
    public void Every_measurement_of_the_folder_has_its_line()
    {
        var folder = Path.Combine(FingerprintTests.SharedData, "ooni-qa");
        Assert.SkipUnless(Directory.Exists(folder), "OONI's quality assurance measurements are not here");
        Assert.Equal(Directory.EnumerateFiles(folder, "*.json").Select(Path.GetFileNameWithoutExtension).Order(StringComparer.Ordinal), Table.Select(row => row.Name).Order(StringComparer.Ordinal));
    }
}
