using System.Globalization;

namespace ProbeNet.Collector.Web;

/// <summary>What is known to lie between two moments, in words.</summary>
static class BracketText
{
    public static string Since(IReadOnlyList<DateTimeOffset?>? at, Reader reader) => at switch
    {
        [null, { } latest] => reader.Say("since {0} or before", Last(latest)),
        [{ } earliest, { } latest] when Moment(earliest) == Last(latest) => reader.Say("since {0}", Moment(earliest)),
        [{ } earliest, { } latest] => reader.Say("since {0} to {1}", Moment(earliest), Last(latest)),
        _ => reader.Say("start unknown"),
    };

    public static string Between(IReadOnlyList<DateTimeOffset?> at, Reader reader) => at switch
    {
        [null, { } latest] => reader.Say("{0} or before", Last(latest)),
        [{ } earliest, { } latest] when Moment(earliest) == Last(latest) => Moment(earliest),
        [{ } earliest, { } latest] => reader.Say("{0} to {1}", Moment(earliest), Last(latest)),
        _ => reader.Say("start unknown"),
    };

    /// <summary>The end of something: that of a published day is the next midnight.</summary>
    public static string Last(DateTimeOffset latest) => Moment(latest.TimeOfDay == TimeSpan.Zero ? latest.AddDays(-1) : latest);

    /// <summary>[since, until) of whole days.</summary>
    public static string Days(DateTimeOffset since, DateTimeOffset until, Reader reader) => until - since <= TimeSpan.FromDays(1)
        ? Moment(since) : reader.Say("{0} to {1}", Moment(since), Last(until));

    // A whole day is a published one; a time of day is an analyst's.
    static string Moment(DateTimeOffset moment) =>
        moment.ToString(moment.TimeOfDay == TimeSpan.Zero ? "yyyy-MM-dd" : "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
