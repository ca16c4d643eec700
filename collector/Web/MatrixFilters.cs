using System.Globalization;
using ProbeNet.Collector.Analysis.Cells;
using ProbeNet.Collector.Api;

namespace ProbeNet.Collector.Web;

/// <summary>The filters of the matrix as a form, and as the address that says all of it.</summary>
static class MatrixFilters
{
    public static readonly string[] Parameters = ["cc", "asn", "domain", "category_code", "mechanism", "state", "since", "until", "min_units", "as_of"];

    public static Html Form(MatrixView matrix, Filter filter, IReadOnlyList<string> countries, Reader reader) => FilterForm.Of("/matrix", reader,
        FilterForm.Choice("cc", reader.Say("Country"), countries.Union([matrix.Cc]).Order(StringComparer.Ordinal).Select(cc => (cc, cc)), matrix.Cc),
        FilterForm.Text("domain", reader.Say("Site"), filter.Domain, 16, reader.Say("all")),
        FilterForm.Text("asn", reader.Say("Provider (AS number)"), filter.Asn?.ToString(CultureInfo.InvariantCulture), 8, reader.Say("all")),
        FilterForm.Text("category_code", reader.Say("Category"), filter.CategoryCode, 6, reader.Say("all")),
        FilterForm.Choice("state", reader.Say("State"), Enum.GetValues<CellState>().Select(state => (state.Word(), reader.Say(StateLook.Of(state).Words))).Prepend(("", reader.Say("all"))), filter.State?.Word() ?? ""),
        FilterForm.Text("mechanism", reader.Say("Mechanism"), filter.Mechanism, 10, reader.Say("all")),
        FilterForm.Days(filter.Since, filter.Until, reader),
        FilterForm.Date("compare", reader.Say("Compared with the days up to"), filter.Compare),
        FilterForm.Choice("sort", reader.Say("Order"), [("name", reader.Say("by name")), ("differs", reader.Say("first what differs between providers"))], filter.ByDifference ? "differs" : "name"));

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
            ("since", FilterForm.Day(filter.Since)),
            ("until", FilterForm.Day(filter.Until)),
            ("min_units", filter.MinUnits?.ToString(CultureInfo.InvariantCulture)),
            ("as_of", filter.AsOf is { } asOf ? Json.Utc(asOf) : null),
        };
        return path + "?" + string.Join('&', values.Where(pair => pair.Value is not null).Select(pair => $"{pair.Name}={Uri.EscapeDataString(pair.Value!)}"));
    }
}
