using System.Text.Json;
using ProbeNet.Collector.Analysis;
using ProbeNet.Collector.Analysis.Findings;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Observations.Ooni;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Service.Imports;

/// <summary>Takes a file of OONI measurements into the store and says of each what OONI and this project's rules make of it.</summary>
sealed class OoniImport(OoniMeasurements store, FingerprintSet fingerprints, TimeProvider time)
{
    /// <param name="line">Gets what to print of one measurement; with <paramref name="json"/> as JSON.</param>
    /// <returns>Measurements that were new, those known, and documents that are none of web_connectivity.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, or no JSON.</exception>
    public async Task<OoniImported> RunAsync(Stream file, bool json, Action<string> line, CancellationToken ct)
    {
        var imported = new OoniImported();
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        await foreach (var measurement in OoniFile.ReadAsync(file, ct))
        {
            if (measurement is null)
            {
                imported.Others++;
                continue;
            }
            if (await store.AddAsync(measurement, today, ct))
                imported.New++;
            else
                imported.Known++;
            var finding = OoniJudging.Judge(measurement, fingerprints);
            if (OoniJudging.Agrees(measurement.Verdict, finding) is { } agrees)
            {
                imported.Decided++;
                imported.Agreed += agrees ? 1 : 0;
            }
            line(json ? Json(measurement, finding) : Text(measurement, finding));
        }
        return imported;
    }

    static string Text(OoniMeasurement measurement, Finding finding) =>
        $"{measurement.Time:yyyy-MM-dd HH:mm} {measurement.Cc} AS{measurement.Asn} {measurement.Facts.Input}: OONI {measurement.Verdict.Blocking ?? "undecided"}; "
        + $"here {finding.Outcome.Word()}{(finding.DiscardReason is { } reason ? $" ({reason})" : "")} {string.Join(' ', finding.Mechanisms.Select(m => m.Name))}".TrimEnd();

    static string Json(OoniMeasurement measurement, Finding finding) => JsonSerializer.Serialize(new
    {
        uid = OoniMeasurements.UidOf(measurement),
        time = measurement.Time,
        cc = measurement.Cc,
        asn = measurement.Asn,
        input = measurement.Facts.Input,
        ooni = new { blocking = measurement.Verdict.Blocking, accessible = measurement.Verdict.Accessible, dns_consistency = measurement.Verdict.DnsConsistency },
        finding = new
        {
            outcome = finding.Outcome.Word(),
            reason = finding.DiscardReason,
            mechanisms = finding.Mechanisms.Select(m => m.Name),
            rules = finding.Rules,
            rules_version = finding.RulesVersion,
        },
    });
}

/// <summary>What became of a file.</summary>
sealed class OoniImported
{
    public int New { get; set; }
    public int Known { get; set; }
    public int Others { get; set; }

    /// <summary>Those that OONI decided.</summary>
    public int Decided { get; set; }

    /// <summary>Those of them that are decided alike here.</summary>
    public int Agreed { get; set; }
}
