using ProbeNet.Collector.Tests.Analysis;
using ProbeNet.Collector.Tests.Api.Dumps;
using ProbeNet.Testing;
using Xunit;
using static ProbeNet.Collector.Tests.Api.WebGround;

namespace ProbeNet.Collector.Tests.Exchange;

/// <summary>What the documentation gives readers of our files to run, run on our files.</summary>
public sealed class SnippetTests : IAsyncLifetime
{
    static readonly string Snippets = Path.Combine(FingerprintTests.Root, "collector", "Exchange", "snippets");
    static readonly string[] Expected = ["day,asn,isp,blocked", "2026-11-18,64501,Invented Provider 1,1"];

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("probenet-snippets-");
    DumpedCountry _country = null!;

    public async ValueTask InitializeAsync()
    {
        _country = await DumpedCountry.CreateAsync();
        await _country.Maker.RunOnceAsync(again: true, Ct);
        foreach (var day in new[] { "2026-11-16", "2026-11-17", "2026-11-18" })
            foreach (var name in new[] { $"cells-{day}.parquet", $"cells-{day}.csv.gz" })
                await File.WriteAllBytesAsync(Path.Combine(_folder.FullName, name), await _country.FileAsync(day, 1, name), Ct);
    }

    public async ValueTask DisposeAsync()
    {
        await _country.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Python_reads_the_public_files_over_the_network_and_checks_them()
    {
        var (code, output, error) = await Interpreter.RunAsync("python3", ["-I", "-S", Path.Combine(Snippets, "blocked.py"), _country.Web.Address.ToString(), "KH"], "", Ct);
        Assert.True(code == 0, error);
        Assert.Equal(Expected, Lines(output));
        Assert.Contains("CC BY 4.0", error, StringComparison.Ordinal);
        (code, output, _) = await Interpreter.RunAsync("python3", ["-I", "-S", Path.Combine(Snippets, "blocked.py"), _country.Web.Address.ToString(), "TH"], "", Ct);
        Assert.Equal(0, code);
        Assert.Equal(Expected[..1], Lines(output));

        // A file that was exchanged on its way is not taken.
        var file = Path.Combine(_country.Maker.FolderOf(new(2026, 11, 17), 1), "cells-2026-11-17.csv.gz");
        await File.WriteAllBytesAsync(file, await File.ReadAllBytesAsync(Path.Combine(_folder.FullName, "cells-2026-11-16.csv.gz"), Ct), Ct);
        (code, _, error) = await Interpreter.RunAsync("python3", ["-I", "-S", Path.Combine(Snippets, "blocked.py"), _country.Web.Address.ToString()], "", Ct);
        Assert.Equal(1, code);
        Assert.Contains("is not the file that its manifest names", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task R_reads_the_files()
    {
        var (code, output, error) = await Interpreter.RunAsync(
            "Rscript", ["--vanilla", Path.Combine(Snippets, "blocked.R"), .. Directory.EnumerateFiles(_folder.FullName, "cells-*.csv.gz").Order(StringComparer.Ordinal)], "", Ct);
        Assert.True(code == 0, error);
        Assert.Equal(Expected, Lines(output));
    }

    [Fact]
    public async Task DuckDB_reads_the_Parquet_files()
    {
        var sql = await File.ReadAllTextAsync(Path.Combine(Snippets, "blocked.sql"), Ct);
        var rows = await DuckDb.QueryAsync(sql.Replace("'cells-", $"'{_folder.FullName}/cells-", StringComparison.Ordinal), Ct);
        Assert.Equal(Expected, rows.Select(row => string.Join(',', row.Select(member => member.Value))).Prepend(string.Join(',', rows[0].Select(member => member.Key))));
    }

    static string[] Lines(string output) => output.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
