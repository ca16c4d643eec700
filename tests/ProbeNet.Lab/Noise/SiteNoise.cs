using ProbeNet.Lab.Sites;

namespace ProbeNet.Lab.Noise;

/// <summary>What sites do of themselves.</summary>
static class SiteNoise
{
    public static readonly IReadOnlyDictionary<string, Site> Kinds = new Dictionary<string, Site>(StringComparer.Ordinal)
    {
        ["site.moved"] = new() { Name = SiteName.Moved },
        ["site.down"] = new() { Reach = SiteReach.Dark },
        ["site.refusing"] = new() { Reach = SiteReach.Refusing },
        ["site.gone"] = new() { Name = SiteName.Dead },
        ["site.slow"] = new() { Answer = SiteAnswer.Slow },
        ["site.error"] = new() { Answer = SiteAnswer.Error },
        ["site.flaky"] = new() { Answer = SiteAnswer.Flaky },
        ["site.refuses_country"] = new() { Answer = SiteAnswer.RefusedInside },
        ["site.captcha"] = new() { Answer = SiteAnswer.CaptchaInside },
        ["site.inside_only"] = new() { Reach = SiteReach.InsideOnly },
        ["certificate.renewed"] = new() { Generation = 1 },
        ["certificate.expired"] = new() { Certificate = SiteCertificate.Expired },
        ["certificate.wrong_name"] = new() { Certificate = SiteCertificate.WrongName },
        ["certificate.unknown_authority"] = new() { Certificate = SiteCertificate.UnknownAuthority },
        ["cdn.edges"] = new() { Name = SiteName.Cdn },
        ["cdn.edge_resets_foreign_name"] = new() { Name = SiteName.Cdn, Foreign = ForeignName.Reset },
        ["cdn.edge_alerts_foreign_name"] = new() { Name = SiteName.Cdn, Foreign = ForeignName.Alert },
    };
}
