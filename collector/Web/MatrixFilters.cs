using System.Globalization;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>The filters of the matrix as a form, and as the address that says all of it.</summary>
static class MatrixFilters
{
    public static readonly string[] Parameters = ["cc", "asn", "domain", "category_code", "mechanism", "state", "since", "until", "min_units", "as_of"];

    public static bool Narrows(Filter filter) =>
        filter.Asn is not null || filter.Domain is not null || filter.CategoryCode is not null || filter.Mechanism is not null || filter.State is not null || filter.MinUnits is not null;

    public static Html Form(MatrixView matrix, Filter filter, IReadOnlyList<string> countries) => Html.Of($"""
        <form class="filters" method="get" action="/matrix">
        <label>Country <select name="cc">{countries.Union([matrix.Cc]).Order(StringComparer.Ordinal).Select(cc => Choice(cc, cc, cc == matrix.Cc))}</select></label>
        <label>Category <input name="category_code" value="{filter.CategoryCode}" size="6" placeholder="all" autocapitalize="characters"></label>
        <label>State <select name="state">{Choice("", "all", filter.State is null)}{Enum.GetValues<CellState>().Select(state => Choice(state.Word(), StateLook.Of(state).Words, filter.State == state))}</select></label>
        <label>Mechanism <input name="mechanism" value="{filter.Mechanism}" size="10" placeholder="all"></label>
        <label>From <input type="date" name="since" value="{Day(filter.Since)}"></label>
        <label>Until, not included <input type="date" name="until" value="{Day(filter.Until)}"></label>
        <button>Show</button>
        </form>
        """);

    public static string Link(string path, string cc, Filter filter)
    {
        var values = new (string Name, string? Value)[]
        {
            ("cc", cc),
            ("asn", filter.Asn?.ToString(CultureInfo.InvariantCulture)),
            ("domain", filter.Domain),
            ("category_code", filter.CategoryCode),
            ("mechanism", filter.Mechanism),
            ("state", filter.State?.Word()),
            ("since", Day(filter.Since)),
            ("until", Day(filter.Until)),
            ("min_units", filter.MinUnits?.ToString(CultureInfo.InvariantCulture)),
            ("as_of", filter.AsOf is { } asOf ? Json.Utc(asOf) : null),
        };
        return path + "?" + string.Join('&', values.Where(pair => pair.Value is not null).Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value!)}"));
    }

    static string? Day(DateTimeOffset? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    static Html Choice(string value, string text, bool chosen) =>
        chosen ? Html.Of($"""<option value="{value}" selected>{text}</option>""") : Html.Of($"""<option value="{value}">{text}</option>""");
}
