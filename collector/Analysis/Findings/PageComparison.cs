using System.Numerics;
using ProbeNet.Collector.Analysis.Controls;
using ProbeNet.Collector.Observations;

namespace ProbeNet.Collector.Analysis.Findings;

enum PageLikeness
{
    /// <summary>No two controls' page to compare with.</summary>
    Uncompared,
    Same,
    Different,
}

/// <summary>Whether an answer in clear text is the page that controls got (OONI spec ts-017, with SimHash beside the length).</summary>
static class PageComparison
{
    const double LengthRatio = 0.7;
    const int SimHashDistance = 10;

    static readonly HashSet<string> CommonHeaders = new(
    [
        "date", "content-type", "server", "cache-control", "vary", "set-cookie", "location", "expires", "x-powered-by", "content-encoding",
        "last-modified", "accept-ranges", "pragma", "x-frame-options", "etag", "x-content-type-options", "age", "via", "p3p",
        "x-xss-protection", "content-language", "cf-ray", "strict-transport-security", "link", "x-varnish",
    ], StringComparer.Ordinal);

    public static PageLikeness Of(HttpObservation page, ControlView control)
    {
        if (control.Page != ControlVerdict.Works || control.Pages.Count == 0)
            return PageLikeness.Uncompared;
        return control.Pages.Any(c => AreAlike(page, c)) ? PageLikeness.Same : PageLikeness.Different;
    }

    /// <summary>The controls' page itself, and no other that is like it: whoever sent it has it from the site.</summary>
    public static bool IsTheirs(HttpObservation page, ControlView control) =>
        page is { Failure: "", Status: < 300, BodyLength: > 0 } && control.Page == ControlVerdict.Works
        && control.Pages.Any(c => page.Status == c.Status && TextsMatch(page, c) && page.Title == c.Title);

    static bool AreAlike(HttpObservation page, HttpObservation control)
    {
        if (page.Status != control.Status)
            return false;
        return (page.BodyLength == 0 && control.BodyLength == 0 && page.Location == control.Location) || TextsMatch(page, control) || LengthsMatch(page, control) || HeadersMatch(page, control) || TitlesMatch(page, control);
    }

    static bool TextsMatch(HttpObservation page, HttpObservation control) =>
        (page.BodySha256.Length > 0 && page.BodySha256 == control.BodySha256)
        || (page.BodySimHash != 0 && control.BodySimHash != 0 && BitOperations.PopCount(page.BodySimHash ^ control.BodySimHash) <= SimHashDistance);

    static bool LengthsMatch(HttpObservation page, HttpObservation control)
    {
        if (page.BodyTruncated || control.BodyTruncated || page.BodyLength == 0 || control.BodyLength == 0)
            return false;
        return (double)Math.Min(page.BodyLength, control.BodyLength) / Math.Max(page.BodyLength, control.BodyLength) > LengthRatio;
    }

    static bool HeadersMatch(HttpObservation page, HttpObservation control) =>
        page.Headers.Any(h => !CommonHeaders.Contains(h.Key) && h.Key != "connection" && h.Key != "content-length" && h.Key != "x-cache"
            && control.Headers.Any(c => c.Key == h.Key));

    static bool TitlesMatch(HttpObservation page, HttpObservation control) =>
        page.Title.Length > 0 && LongWords(page.Title).Intersect(LongWords(control.Title), StringComparer.OrdinalIgnoreCase).Any();

    static IEnumerable<string> LongWords(string title) =>
        title.Split(' ', StringSplitOptions.RemoveEmptyEntries).Where(w => w.Length >= 5);
}
