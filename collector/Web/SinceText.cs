namespace ProbeNet.Collector.Web;

/// <summary>A start that is known to lie between two moments, in words.</summary>
static class SinceText
{
    public static string Of(DateTimeOffset?[]? since) => since switch
    {
        null or [_, null] => "start unknown",
        [null, { } latest] => $"since {Moment(latest)} or before",
        [{ } earliest, { } latest] => $"since {Moment(earliest)} to {Moment(latest)}",
        _ => "start unknown",
    };

    // A whole day is a published one; a time of day is an analyst's.
    static string Moment(DateTimeOffset moment) =>
        moment.TimeOfDay == TimeSpan.Zero ? $"{moment:yyyy-MM-dd}" : $"{moment:yyyy-MM-dd HH:mm}";
}
