namespace ProbeNet.Collector.Fleet.Lists;

/// <summary>
/// Sites on which strangers share one host name. What stands under a path there cannot be tested over TLS: a filter sees the
/// host alone, and blocking it blocks everybody.
/// </summary>
static class Platforms
{
    static readonly string[] Hosts =
    [
        "facebook.com", "instagram.com", "threads.net", "twitter.com", "x.com", "youtube.com", "youtu.be", "tiktok.com", "t.me", "telegram.me",
        "linkedin.com", "reddit.com", "medium.com", "pinterest.com", "vk.com", "ok.ru", "weibo.com", "soundcloud.com", "vimeo.com", "dailymotion.com",
        "github.com", "gitlab.com", "sourceforge.net", "wikipedia.org", "wikimedia.org", "change.org", "avaaz.org", "patreon.com", "gofundme.com",
        "sites.google.com", "docs.google.com", "drive.google.com", "play.google.com", "apps.apple.com", "archive.org", "scribd.com", "issuu.com",
        "flickr.com", "discord.com", "discord.gg", "mastodon.social", "s3.amazonaws.com",
    ];

    /// <summary>True for a page, not for the platform's own front page.</summary>
    public static bool HoldsPage(Uri input) =>
        input.PathAndQuery.Length > 1 && Hosts.Any(host => IsAtOrBelow(input.IdnHost.TrimEnd('.'), host));

    static bool IsAtOrBelow(string name, string host) =>
        name.Equals(host, StringComparison.OrdinalIgnoreCase) || name.EndsWith("." + host, StringComparison.OrdinalIgnoreCase);
}
