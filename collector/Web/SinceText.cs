namespace ProbeNet.Collector.Web;

/// <summary>A start that is known to lie between two moments, in words.</summary>
static class SinceText
{
    public static string Of(DateTimeOffset?[]? since) => since switch
    {
        null or [_, null] => "start unknown",
        [null, { } latest] => $"since {Last(latest)} or before",
        [{ } earliest, { } latest] when Moment(earliest) == Last(latest) => $"since {Moment(earliest)}",
        [{ } earliest, { } latest] => $"since {Moment(earliest)} to {Last(latest)}",
        _ => "start unknown",
    };

    // The end of a published day is the next midnight.
    static string Last(DateTimeOffset latest) => Moment(latest.TimeOfDay == TimeSpan.Zero ? latest.AddDays(-1) : latest);

    // A whole day is a published one; a time of day is an analyst's.
    static string Moment(DateTimeOffset moment) =>
        moment.TimeOfDay == TimeSpan.Zero ? $"{moment:yyyy-MM-dd}" : $"{moment:yyyy-MM-dd HH:mm}";
}
