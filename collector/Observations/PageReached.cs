namespace ProbeNet.Collector.Observations;

/// <summary>Where a chain of redirects ended.</summary>
static class PageReached
{
    /// <summary>
    /// The answer that ended the chain; null when there was none: the last request failed, or a redirect was followed and
    /// nothing came of it.
    /// </summary>
    public static HttpObservation? By(IReadOnlyList<HttpObservation> exchanges)
    {
        var last = exchanges.LastOrDefault(e => e.Failure.Length == 0);
        if (last is null || last.Status == 0)
            return null;
        var followed = last.Status is >= 300 and < 400 && last.Location.Length > 0 && last.NotFollowed.Length == 0;
        if (followed)
            return null;
        var failedLater = exchanges.SkipWhile(e => !ReferenceEquals(e, last)).Skip(1).Any(e => e.Url != last.Url);
        return failedLater ? null : last;
    }
}
