namespace ProbeNet.Collector.Analysis.Cells;

/// <summary>Whole UTC days, half-open: [Since, Until).</summary>
sealed record CellWindow(DateOnly Since, DateOnly Until)
{
    /// <summary>Days of the default window (contract 2).</summary>
    public const int DefaultDays = 7;

    public int Days => Until.DayNumber - Since.DayNumber;

    public DateTimeOffset Start => Midnight(Since);

    public DateTimeOffset End => Midnight(Until);

    public static CellWindow Ending(DateOnly until, int days = DefaultDays) => new(until.AddDays(-days), until);

    /// <summary>The last days, the one in progress included.</summary>
    public static CellWindow UpTo(DateTimeOffset now, int days = DefaultDays) =>
        Ending(DateOnly.FromDateTime(now.UtcDateTime).AddDays(1), days);

    public bool Contains(DateOnly day) => day >= Since && day < Until;

    static DateTimeOffset Midnight(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}
