namespace ProbeNet.Collector.Fleet.Lists;

/// <summary>Whose a list is, and on which terms it may be used: "# licence: …" and "# attribution: …" before the header of its file.</summary>
/// <param name="Licence">Empty where nothing is said.</param>
/// <param name="Attribution">Empty where nothing is said.</param>
sealed record ListTerms(string Licence, string Attribution)
{
    const char Mark = '#';

    static readonly ListTerms None = new("", "");

    /// <summary>Reads the lines that begin with #, and no further.</summary>
    public static (ListTerms Terms, int Lines) Read(TextReader text)
    {
        var (terms, lines) = (None, 0);
        while (text.Peek() == Mark && text.ReadLine() is { } line)
        {
            lines++;
            terms = line[1..].Split(':', 2, StringSplitOptions.TrimEntries) switch
            {
                ["licence" or "license", var licence] => terms with { Licence = licence },
                ["attribution", var attribution] => terms with { Attribution = attribution },
                _ => terms,
            };
        }
        return (terms, lines);
    }

    public void Write(TextWriter text)
    {
        foreach (var (name, value) in new[] { ("licence", Licence), ("attribution", Attribution) })
        {
            if (value.Length > 0)
                text.Write($"{Mark} {name}: {value.ReplaceLineEndings(" ")}\n");
        }
    }
}
