using System.Globalization;

namespace ProbeNet.Collector.Web;

/// <summary>A language of the pages. Texts stand in the code in English; the others have a table from them.</summary>
/// <param name="Code">As in HTML and `lang=`.</param>
/// <param name="Name">In itself.</param>
sealed record Language(string Code, string Name, IReadOnlyDictionary<string, string>? Table)
{
    public static readonly Language English = new("en", "English", null);

    public static readonly IReadOnlyList<Language> All = [English, new("km", "ខ្មែរ", Khmer.Texts)];

    /// <summary>That of the address, else the first that the browser asks for, else English.</summary>
    public static Language Of(HttpRequest request) =>
        Known(request.Query["lang"].ToString())
        ?? request.GetTypedHeaders().AcceptLanguage.OrderByDescending(wish => wish.Quality ?? 1)
            .Select(wish => Known(wish.Value.Value?.Split('-')[0] ?? "")).OfType<Language>().FirstOrDefault()
        ?? English;

    /// <param name="english">With {0}, {1} … for the values.</param>
    public string Say(string english, params object?[] values)
    {
        var text = Table?.GetValueOrDefault(english) ?? english;
        return values.Length == 0 ? text : string.Format(CultureInfo.InvariantCulture, text, values);
    }

    static Language? Known(string code) => All.FirstOrDefault(language => string.Equals(language.Code, code, StringComparison.OrdinalIgnoreCase));
}
