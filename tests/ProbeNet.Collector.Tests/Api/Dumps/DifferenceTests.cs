using System.Text;
using Microsoft.Extensions.DependencyInjection;
using ProbeNet.Collector.Store;
using Xunit;
using static ProbeNet.Collector.Tests.Api.WebGround;

namespace ProbeNet.Collector.Tests.Api.Dumps;

/// <summary>Dumps beside all other public answers: no two of them, taken from each other, leave a slice of few volunteers.</summary>
public sealed class DifferenceTests : IAsyncLifetime
{
    const int MinimumUnits = 3;

    static readonly DateOnly First = new(2026, 11, 16);
    static readonly DateOnly End = new(2026, 11, 19);

    DumpedCountry _country = null!;

    public async ValueTask InitializeAsync()
    {
        _country = await DumpedCountry.CreateAsync();
        await _country.Maker.RunOnceAsync(again: true, Ct);
    }

    public ValueTask DisposeAsync() => _country.DisposeAsync();

    [Fact]
    public async Task No_pair_of_dumps_and_matrices_leaves_a_slice_below_k()
    {
        var told = new List<(DateOnly Since, DateOnly Until, long Asn, int Least, int Most)>();
        for (var since = First; since < End; since = since.AddDays(1))
            for (var until = since.AddDays(1); until <= End; until = until.AddDays(1))
                foreach (var cell in (await _country.Web.JsonAsync($"/api/v1/matrix?cc=KH&since={since:yyyy-MM-dd}&until={until:yyyy-MM-dd}"))["cells"]!.AsArray())
                    told.Add(Bounds(since, until, (long)cell!["asn"]!, (string?)cell["units"]));
        for (var day = First; day < End; day = day.AddDays(1))
        {
            var lines = await _country.LinesAsync($"{day:yyyy-MM-dd}", 1, "cells");
            var columns = lines[0].Split(',').ToList();
            told.AddRange(lines.Skip(1).Select(line => line.Split(',')).Select(fields =>
                Bounds(day, day.AddDays(1), long.Parse(fields[columns.IndexOf("asn")], System.Globalization.CultureInfo.InvariantCulture), fields[columns.IndexOf("units")] is { Length: > 0 } units ? units : null)));
        }
        Assert.Equal((6 + 3) * 4, told.Count);
        Assert.Contains(told, one => one.Least >= MinimumUnits);
        var pairs = 0;
        foreach (var whole in told)
            foreach (var part in told.Where(part => part.Asn == whole.Asn && part.Since >= whole.Since && part.Until <= whole.Until))
            {
                pairs++;
                var (least, most) = (whole.Least - part.Most, whole.Most - part.Least);
                Assert.False(least >= 1 && most < MinimumUnits, $"{whole} less {part} leaves {least} to {most} volunteers");
            }
        Assert.True(pairs > told.Count);
        // What is hidden is hidden in every column.
        Assert.All(await AllLinesAsync(), line => Assert.Matches(line.Contains(",64501,", StringComparison.Ordinal) || line.Contains(",64502,", StringComparison.Ordinal) ? ",3-5," : ",insufficient,below_floor,,,unknown,,,,,,,,,,,false,unknown,,", line));
    }

    [Fact]
    public async Task No_byte_of_a_dump_names_a_measurement_or_says_when_it_was_made()
    {
        var secrets = new List<string>();
        await foreach (var row in _country.Web.Services.GetRequiredService<MeasurementQueries>().RowsAsync(new() { Until = DateTimeOffset.MaxValue }, 1000, Ct))
            secrets.AddRange([row.Row.Uid.ToString(), row.Row.Uid.ToString("n"), $"{row.Row.Time:HH:mm:ss}"]);
        Assert.NotEmpty(secrets);
        var text = string.Join('\n', await AllLinesAsync());
        Assert.DoesNotContain(secrets, secret => text.Contains(secret, StringComparison.OrdinalIgnoreCase));
        foreach (var file in Directory.EnumerateFiles(Path.Combine(_country.Web.State, "dumps"), "*.parquet", SearchOption.AllDirectories))
        {
            var bytes = Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file, Ct));
            Assert.DoesNotContain(secrets, secret => bytes.Contains(secret, StringComparison.OrdinalIgnoreCase));
        }
    }

    async Task<List<string>> AllLinesAsync()
    {
        var lines = new List<string>();
        for (var day = First; day < End; day = day.AddDays(1))
            lines.AddRange((await _country.LinesAsync($"{day:yyyy-MM-dd}", 1, "cells")).Skip(1));
        return lines;
    }

    // What a reader can know of the number of volunteers: nothing told means fewer than the minimum.
    static (DateOnly, DateOnly, long, int, int) Bounds(DateOnly since, DateOnly until, long asn, string? units) => units switch
    {
        null => (since, until, asn, 0, MinimumUnits - 1),
        "3-5" => (since, until, asn, 3, 5),
        "6-10" => (since, until, asn, 6, 10),
        "11+" => (since, until, asn, 11, int.MaxValue / 2),
        _ => (since, until, asn, int.Parse(units, System.Globalization.CultureInfo.InvariantCulture), int.Parse(units, System.Globalization.CultureInfo.InvariantCulture)),
    };
}
