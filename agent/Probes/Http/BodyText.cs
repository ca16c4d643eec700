using System.Text;

namespace ProbeNet.Agent.Probes.Http;

/// <summary>Reads a body as text, so that it can be scrubbed.</summary>
static class BodyText
{
    /// <summary>
    /// UTF-16 and UTF-32 by their mark or the declared charset, UTF-8 where the bytes are that, and otherwise one
    /// character a byte, which keeps whatever ASCII stands in them findable. Does not throw.
    /// </summary>
    public static string Read(ReadOnlySpan<byte> body, string? charset)
    {
        if (Marked(body, charset) is { } encoding)
            return encoding.GetString(body);
        return IsUtf8(body) ? Encoding.UTF8.GetString(body) : Encoding.Latin1.GetString(body);
    }

    static Encoding? Marked(ReadOnlySpan<byte> body, string? charset)
    {
        var declared = charset?.Trim('"', '\'').ToUpperInvariant();
        if (body.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE, 0, 0]) || declared is "UTF-32" or "UTF-32LE")
            return Encoding.UTF32;
        if (body.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE]) || declared is "UTF-16" or "UTF-16LE")
            return Encoding.Unicode;
        if (body.StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF]) || declared is "UTF-16BE")
            return Encoding.BigEndianUnicode;
        return null;
    }

    // A capped body may end inside a character.
    static bool IsUtf8(ReadOnlySpan<byte> body)
    {
        for (var cut = 0; cut < 4 && cut <= body.Length; cut++)
        {
            if (System.Text.Unicode.Utf8.IsValid(body[..^cut]))
                return true;
        }
        return false;
    }
}
