using System.Globalization;

namespace ProbeNet.Collector.Web;

/// <summary>Filters as a form whose address says all of it.</summary>
static class FilterForm
{
    public static Html Of(string action, Reader reader, params Html[] fields) => Html.Of($"""
        <form class="filters" method="get" action="{action}">
        {fields}
        {reader.Kept}<button>{reader.Say("Show")}</button>
        </form>
        """);

    public static Html Choice(string name, string label, IEnumerable<(string Value, string Text)> choices, string chosen) => Html.Of($"""
        <label>{label} <select name="{name}">{choices.Select(choice => choice.Value == chosen
            ? Html.Of($"""<option value="{choice.Value}" selected>{choice.Text}</option>""")
            : Html.Of($"""<option value="{choice.Value}">{choice.Text}</option>"""))}</select></label>

        """);

    public static Html Text(string name, string label, string? value, int size, string hint) =>
        Html.Of($"""<label>{label} <input name="{name}" value="{value}" size="{size}" placeholder="{hint}"></label> """);

    public static Html Days(DateTimeOffset? since, DateTimeOffset? until, Reader reader) => Html.Of($"""
        {Date("since", reader.Say("From"), since)}
        {Date("until", reader.Say("Until, not included"), until)}
        """);

    public static Html Date(string name, string label, DateTimeOffset? value) => Html.Of($"""<label>{label} <input type="date" name="{name}" value="{Day(value)}"></label>""");

    public static string? Day(DateTimeOffset? day) => day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
