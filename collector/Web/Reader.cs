using Microsoft.AspNetCore.Http.Extensions;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>Who reads a page, in which language, and at which address.</summary>
/// <param name="Site">Scheme and host that were asked.</param>
sealed record Reader(Caller Caller, Language Language, string Site, PathString Path, IQueryCollection Query)
{
    const string Parameter = "lang";

    public static Reader Of(Caller caller, HttpRequest request) => new(caller, Language.Of(request), $"{request.Scheme}://{request.Host}", request.Path, request.Query);

    /// <inheritdoc cref="Language.Say"/>
    public string Say(string english, params object?[] values) => Language.Say(english, values);

    /// <summary>An address of ours that keeps the language that this one's address asks for.</summary>
    public string To(string address) =>
        Query.ContainsKey(Parameter) ? $"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{Parameter}={Language.Code}" : address;

    public Html Link(string address, string text) => Html.Of($"""<a href="{To(address)}">{text}</a>""");

    /// <summary>This page with another value of a parameter.</summary>
    public string With(string parameter, string value) =>
        Path + new QueryBuilder(Query.Where(pair => pair.Key != parameter).Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString()))) { { parameter, value } }.ToString();

    public string In(Language language) => With(Parameter, language.Code);

    /// <summary>Of this page, as it was asked for.</summary>
    public string Address => Site + Path + QueryString.Create(Query);

    /// <summary>The query of this page as the interface for programs takes it.</summary>
    public string DataQuery => new QueryBuilder(Query.Where(pair => pair.Key != Parameter && pair.Value.ToString().Length > 0)
        .Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString()))).ToString();

    /// <summary>For forms: what their address loses otherwise.</summary>
    public Html Kept => Query.ContainsKey(Parameter) ? Html.Of($"""<input type="hidden" name="{Parameter}" value="{Language.Code}">""") : Html.Nothing;
}
