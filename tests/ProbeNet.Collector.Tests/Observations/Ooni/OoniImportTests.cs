using System.Text;
using System.Text.Json;
using ProbeNet.Collector.Analysis.Fingerprints;
using ProbeNet.Collector.Service.Imports;
using ProbeNet.Collector.Store;
using ProbeNet.Collector.Tests.Analysis;
using ProbeNet.Collector.Tests.Store;
using Xunit;

namespace ProbeNet.Collector.Tests.Observations.Ooni;

public sealed class OoniImportTests
{
    static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_measurement_of_the_quality_assurance_is_kept_once_with_OONIs_verdict_whatever_the_form_of_the_file()
    {
        var folder = Path.Combine(FingerprintTests.SharedData, "ooni-qa");
        Assert.SkipUnless(Directory.Exists(folder), "OONI's quality assurance measurements are not here");
        string[] files = [.. Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal)];
        await using var store = await TestStore.OnPostgresAsync();
        var import = new OoniImport(new OoniMeasurements(store.Source), FingerprintSet.Empty, store.Clock);

        var told = new List<string>();
        foreach (var file in files)
            await TakesAsync(await File.ReadAllBytesAsync(file, Ct), isNew: 1, isKnown: 0);
        var lines = Encoding.UTF8.GetBytes(string.Join('\n', files.Select(Compact)) + "\n");
        foreach (var bytes in new[] { lines, OoniFiles.Gzip(lines), OoniFiles.Zstd(lines) })
            await TakesAsync(bytes, isNew: 0, isKnown: files.Length);

        Assert.Equal(4 * files.Length, told.Count);
        Assert.Equal(
            string.Join('\n', files.Select(Verdict).Order(StringComparer.Ordinal)),
            await store.ReadAsync<string>(
                """
                select string_agg(line, e'\n' order by line collate "C")
                from (select concat_ws(' ', input, coalesce(blocking, 'null'), coalesce(accessible::text, 'null'), coalesce(dns_consistency, 'null')) line from ooni_measurement) lines
                """));

        async Task TakesAsync(byte[] bytes, int isNew, int isKnown)
        {
            using var file = new MemoryStream(bytes);
            Assert.True(OoniFile.Looks(file));
            var imported = await import.RunAsync(file, json: true, told.Add, Ct);
            Assert.Equal((isNew, isKnown, 0), (imported.New, imported.Known, imported.Others));
        }
    }

    static string Compact(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        return JsonSerializer.Serialize(document.RootElement);
    }

    static string Verdict(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        var keys = document.RootElement.GetProperty("test_keys");
        return $"{document.RootElement.GetProperty("input").GetString()} {Word("blocking")} {Word("accessible")} {Word("dns_consistency")}";

        string Word(string key) => keys.GetProperty(key) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : keys.GetProperty(key).GetRawText();
    }
}
