using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Google.Protobuf;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Probes.Http;

/// <summary>What is left of a body: its length, hash, similarity hash and title, all taken after scrubbing.</summary>
static partial class BodyReduction
{
    const int LongestTitle = 200;

    /// <param name="text">The body as <see cref="BodyText"/> read it.</param>
    /// <param name="scrub">Removes what could tell who asked.</param>
    public static void Into(HttpExchange exchange, string text, bool truncated, Func<string, string> scrub)
    {
        var scrubbed = scrub(text);
        var bytes = Encoding.UTF8.GetBytes(scrubbed);
        exchange.BodyLength = (uint)bytes.Length;
        exchange.BodyTruncated = truncated;
        exchange.BodySha256 = ByteString.CopyFrom(SHA256.HashData(bytes));
        exchange.BodySimhash = SimHash.Of(scrubbed);
        // Entities hide digits, so the title is scrubbed again once they are gone.
        var title = scrub(TitleOf(scrubbed));
        exchange.Title = title.Length <= LongestTitle ? title : title[..LongestTitle];
    }

    /// <summary>The first title element's text with blanks made single; empty when there is none.</summary>
    public static string TitleOf(string html)
    {
        var match = Title().Match(html);
        return match.Success ? Blanks().Replace(WebUtility.HtmlDecode(match.Groups["text"].Value), " ").Trim() : "";
    }

    [GeneratedRegex("<title[^>]{0,200}>(?<text>[^<]{0,2000})</title", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Title();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Blanks();
}
