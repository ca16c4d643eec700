using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace ProbeNet.Agent.Measurements;

/// <summary>
/// Removes from text what could tell who measured: the machine's own addresses and its resolvers' in every form, every
/// other thing that looks like an address and is no answer of this measurement, and every run of six or more digits
/// (telephone and account numbers). Pure; the facts are done by <see cref="FactsScrubber"/>.
/// </summary>
/// <param name="secrets">Own and resolvers' addresses. Loopback is nobody's.</param>
sealed partial class Scrubber(IEnumerable<IPAddress> secrets)
{
    public const string Replacement = "[scrubbed]";

    const int DeepestEncoding = 3;

    readonly HashSet<IPAddress> _secrets = [.. secrets.Where(address => !IPAddress.IsLoopback(address)).Select(Plain)];
    string[]? _forms;

    public IReadOnlySet<IPAddress> Secrets => _secrets;

    string[] Forms => _forms ??= [.. _secrets.SelectMany(AddressForms.Of).OrderByDescending(form => form.Length)];

    /// <summary>For text that a server or a device wrote.</summary>
    /// <param name="answers">Addresses that DNS answered with in this measurement; they may stay.</param>
    public string Text(string text, IReadOnlySet<IPAddress> answers) => Text(text, answers, digits: true, DeepestEncoding);

    /// <summary>For names, in which long numbers are ordinary.</summary>
    public string Name(string name, IReadOnlySet<IPAddress> answers) => Text(name, answers, digits: false, DeepestEncoding);

    /// <summary>True when one of the secrets stands in the text in some form.</summary>
    public bool Finds(string text) => Array.Exists(Forms, form => text.Contains(form, StringComparison.OrdinalIgnoreCase));

    public static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : new IPAddress(address.GetAddressBytes());

    string Text(string text, IReadOnlySet<IPAddress> answers, bool digits, int depth)
    {
        var scrubbed = Plainly(text, answers, digits);
        if (depth == 0)
            return scrubbed;
        scrubbed = Packed().Replace(scrubbed, match => HidesSomething(match.Value, answers, digits, depth - 1) ? Replacement : match.Value);
        var decoded = Decode(scrubbed);
        if (decoded == scrubbed)
            return scrubbed;
        var deeper = Text(decoded, answers, digits, depth - 1);
        return deeper == decoded ? scrubbed : deeper;
    }

    string Plainly(string text, IReadOnlySet<IPAddress> answers, bool digits)
    {
        foreach (var form in Forms)
            text = text.Replace(form, Replacement, StringComparison.OrdinalIgnoreCase);
        text = HardwareAddress().Replace(text, Replacement);
        text = LikeIpv6().Replace(text, match => Stays(match.Value, answers) ? match.Value : Replacement);
        // Answers are put aside: their own digits must not make a run.
        return digits
            ? LikeIpv4OrDigits().Replace(text, match => Stays(match.Value, answers) ? match.Value : Replacement)
            : LikeIpv4().Replace(text, match => Stays(match.Value, answers) ? match.Value : Replacement);
    }

    bool Stays(string text, IReadOnlySet<IPAddress> answers)
    {
        if (!IPAddress.TryParse(text, out var address))
            return text.Contains(':', StringComparison.Ordinal);
        return answers.Contains(Plain(address)) && !_secrets.Contains(Plain(address));
    }

    static string Decode(string text)
    {
        var decoded = text.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(text) : text;
        return decoded.Contains('&', StringComparison.Ordinal) ? WebUtility.HtmlDecode(decoded) : decoded;
    }

    bool HidesSomething(string token, IReadOnlySet<IPAddress> answers, bool digits, int depth)
    {
        foreach (var bytes in new[] { FromHex(token), FromBase64(token) })
        {
            if (bytes is null || !Ascii.IsValid(bytes))
                continue;
            var inner = Encoding.ASCII.GetString(bytes);
            if (!inner.Any(char.IsControl) && Text(inner, answers, digits, depth) != inner)
                return true;
        }
        return false;
    }

    static byte[]? FromHex(string token) =>
        token.Length % 2 == 0 && token.All(char.IsAsciiHexDigit) ? Convert.FromHexString(token) : null;

    static byte[]? FromBase64(string token)
    {
        var letters = token.TrimEnd('=').Replace('-', '+').Replace('_', '/');
        letters = letters[..(letters.Length - (letters.Length % 4 == 1 ? 1 : 0))];
        var buffer = new byte[letters.Length];
        return Convert.TryFromBase64String(letters.PadRight((letters.Length + 3) / 4 * 4, '='), buffer, out var length) ? buffer[..length] : null;
    }

    [GeneratedRegex("[A-Za-z0-9+/_-]{8,}={0,2}", RegexOptions.CultureInvariant, 5000)]
    private static partial Regex Packed();

    [GeneratedRegex("(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}", RegexOptions.CultureInvariant, 5000)]
    private static partial Regex HardwareAddress();

    [GeneratedRegex(@"(?:[0-9A-Fa-f]{0,4}:){2,7}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9A-Fa-f]{0,4})", RegexOptions.CultureInvariant, 5000)]
    private static partial Regex LikeIpv6();

    [GeneratedRegex(@"\d{1,3}(?:(?:\.|-|_|\[\.\])\d{1,3}){3}", RegexOptions.CultureInvariant, 5000)]
    private static partial Regex LikeIpv4();

    // A telephone number is one run however it is grouped: at most two blanks, dashes, dots, slashes or brackets between digits.
    [GeneratedRegex(@"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])|\d{1,3}(?:(?:\.|-|_|\[\.\])\d{1,3}){3}|\d(?:[ \u00A0().\-/]{0,2}\d){5,}", RegexOptions.CultureInvariant, 5000)]
    private static partial Regex LikeIpv4OrDigits();
}
