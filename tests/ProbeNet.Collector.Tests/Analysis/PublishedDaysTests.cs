using System.Text.Json;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Store;
using ProbeNet.Collector.Tests.Api;
using Xunit;

namespace ProbeNet.Collector.Tests.Analysis;

public sealed class PublishedDaysTests(SparseCountry country) : IClassFixture<SparseCountry>
{
    [Theory]
    [InlineData(2, 7)]
    [InlineData(3, 7)]
    [InlineData(3, 1)]
    [InlineData(4, 20)]
    public async Task The_database_leaves_out_the_same_days_as_the_analysis_does(int minimumUnits, int days)
    {
        var window = CellWindow.Ending(DateOnly.FromDateTime(SparseCountry.Day(20).UtcDateTime), days);
        var all = await new UnitDays(country.Source).OfCountryAsync(SparseCountry.Cc, window, AnalysisGround.Ct);
        var left = PublishedDays.Of(all, minimumUnits);
        Assert.InRange(left.Count, 1, all.Count - 1);
        Assert.Equal(
            JsonSerializer.Serialize(CellSet.Of(left, CellRules.Default)),
            JsonSerializer.Serialize(CellSet.Of(await WindowDays.ReadAsync(country.Source, SparseCountry.Cc, window, null, minimumUnits, AnalysisGround.Ct), CellRules.Default)));
    }

    [Fact]
    public async Task Whoever_sees_all_of_them_has_none_left_out()
    {
        var all = await new UnitDays(country.Source).OfCountryAsync(SparseCountry.Cc, CellWindow.Ending(DateOnly.FromDateTime(SparseCountry.Day(20).UtcDateTime), 7), AnalysisGround.Ct);
        Assert.Same(all, PublishedDays.Of(all, 0));
    }
}
