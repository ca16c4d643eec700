using System.Text.RegularExpressions;
using ProbeNet.Protos.V1;

namespace ProbeNet.Agent.Probes.Http;

/// <summary>
/// Which of the list's blockpages a response is. It is matched before scrubbing, for a fingerprint may be an address
/// of the page; only its name is kept.
/// </summary>
sealed class Fingerprints
{
    static readonly TimeSpan MatchTime = TimeSpan.FromMilliseconds(200);

    readonly List<(BlockpageFingerprint Fingerprint, Func<string, bool> Matches)> _compiled = [];

    /// <summary>A pattern that cannot be compiled is left out.</summary>
    public Fingerprints(IEnumerable<BlockpageFingerprint> blockpages)
    {
        foreach (var blockpage in blockpages)
        {
            if (Compile(blockpage) is { } matches)
                _compiled.Add((blockpage, matches));
        }
    }

    public static Fingerprints None { get; } = new([]);

    /// <param name="header">Gives a header's value by name, or null.</param>
    public IEnumerable<string> Match(Func<string, string?> header, string title, string body)
    {
        foreach (var (fingerprint, matches) in _compiled)
        {
            var text = fingerprint.Location switch
            {
                "body" => body,
                "title" => title,
                var other when other.StartsWith("header.", StringComparison.Ordinal) => header(other["header.".Length..]),
                _ => null,
            };
            if (text is not null && matches(text))
                yield return fingerprint.Name;
        }
    }

    static Func<string, bool>? Compile(BlockpageFingerprint blockpage)
    {
        var pattern = blockpage.Pattern;
        if (pattern.Length == 0)
            return null;
        switch (blockpage.PatternType)
        {
            case "full":
                return text => text == pattern;
            case "prefix":
                return text => text.StartsWith(pattern, StringComparison.Ordinal);
            case "contains":
                return text => text.Contains(pattern, StringComparison.Ordinal);
            case "regexp":
                try
                {
                    var regex = new Regex(pattern, RegexOptions.CultureInvariant, MatchTime);
                    return text => IsMatch(regex, text);
                }
                catch (ArgumentException)
                {
                    return null;
                }
            default:
                return null;
        }
    }

    static bool IsMatch(Regex regex, string text)
    {
        try
        {
            return regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }
}
