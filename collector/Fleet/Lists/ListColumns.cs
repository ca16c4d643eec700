namespace ProbeNet.Collector.Fleet.Lists;

/// <summary>Columns of a list's file: Citizen Lab's six in their order, then our own.</summary>
static class ListColumns
{
    public const string Url = "url";
    public const string CategoryCode = "category_code";
    public const string Description = "category_description";
    public const string DateAdded = "date_added";
    public const string Source = "source";
    public const string Notes = "notes";
    public const string Priority = "priority";
    public const string Page = "page";
    public const string Cadence = "cadence";
}
