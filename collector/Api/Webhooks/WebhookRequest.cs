using System.Net;
using Microsoft.AspNetCore.Mvc;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Api.Webhooks;

/// <summary>A webhook that is to be added: url, role ("public" without it, or "analyst"), cc.</summary>
sealed record WebhookRequest(Uri Url, ApiRole? Role, string? Cc)
{
    public const string Public = "public";

    const int LongestUrl = 2048;

    public static WebhookRequest? Of(Dictionary<string, string> members, bool allowsPrivate, out ProblemDetails? problem)
    {
        problem = null;
        members.Remove("role", out var role);
        members.Remove("cc", out var cc);
        if (!members.Remove("url", out var text) || UrlOf(text, allowsPrivate) is not { } url)
            problem = Problems.BadParameter("url", $"must be an https address of {LongestUrl} characters at most, without a user's name, whose host is no private address.");
        else if (role is not (null or Public or "analyst"))
            problem = Problems.BadParameter("role", "must be public or analyst.");
        else if (cc is not null && (cc.Length != 2 || !cc.All(char.IsAsciiLetter)))
            problem = Problems.BadParameter("cc", $"must be {FilterReader.Meaning("cc")}.");
        else if (members.Count > 0)
            problem = Problems.BadParameter(members.Keys.First(), "unknown. Known here: url, role, cc.");
        else
            return new(url, role == "analyst" ? ApiRole.Analyst : null, cc?.ToUpperInvariant());
        return null;
    }

    // Names are looked up, and their addresses checked, whenever something is sent.
    static Uri? UrlOf(string text, bool allowsPrivate) =>
        text.Length <= LongestUrl && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.UserInfo.Length == 0 && url.Fragment.Length == 0 && url.Host.Length > 0
        && (url.Scheme == Uri.UriSchemeHttps || (allowsPrivate && url.Scheme == Uri.UriSchemeHttp))
        && (allowsPrivate || (!url.IsLoopback && (!IPAddress.TryParse(url.DnsSafeHost, out var address) || WebhookSender.IsPublic(address)))) ? url : null;
}
