using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>How new what a page shows is.</summary>
static class Freshness
{
    // A day's measurements and two hours.
    static readonly TimeSpan Stale = TimeSpan.FromHours(26);

    /// <param name="analysed">The default where nothing was.</param>
    /// <param name="days">What the page shows.</param>
    public static Html Of(DateTimeOffset analysed, string days, DateTimeOffset now, Reader reader)
    {
        var about = reader.Say("Days {0} (UTC).", days);
        if (analysed == default)
            return Html.Of($"""<p class="freshness stale">{about} {reader.Say("Nothing was analysed yet.")}</p>""");
        var age = now - analysed;
        return Html.Of($"""
            <p class="freshness{(age > Stale ? " stale" : "")}">{about} {reader.Say("Last analysed:")} <time datetime="{Json.Utc(analysed)}">{analysed:yyyy-MM-dd HH:mm} UTC</time>{(age > Stale
                ? Html.Of($"""; {reader.Say("{0} hours ago. Newer measurements are missing.", Math.Floor(age.TotalHours))}""") : Html.Of($"."))}</p>
            """);
    }
}
