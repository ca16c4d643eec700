using ProbeNet.Collector.Analysis.Cells;

namespace ProbeNet.Collector.Api;

/// <summary>A target at every provider of a country, day by day, as one caller may see it; its parts are made by <see cref="Publication"/> alone.</summary>
/// <param name="Lanes">By ASN.</param>
/// <param name="Events">Latest first; those of other countries too.</param>
sealed record TimelineView(
    string Cc, string Domain, DateTimeOffset Since, DateTimeOffset Until, IReadOnlyList<LaneView> Lanes, IReadOnlyList<ControlDay> Controls, IReadOnlyList<EventView> Events);

/// <param name="Cell">Of the whole window.</param>
/// <param name="Days">One a day of the window, each a cell of that day alone.</param>
sealed record LaneView(IspView Isp, CellView Cell, IReadOnlyList<CellView> Days);
