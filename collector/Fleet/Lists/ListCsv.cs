using ProbeNet.Protos.V1;

namespace ProbeNet.Collector.Fleet.Lists;

/// <summary>Writes a list as <see cref="CitizenLabCsv"/> reads it: what was imported comes out as it went in.</summary>
static class ListCsv
{
    static readonly (string Name, Func<ListEntry, EntryOrigin, string> Value)[] Theirs =
    [
        (ListColumns.Url, (entry, _) => entry.Input),
        (ListColumns.CategoryCode, (entry, _) => entry.CategoryCode),
        (ListColumns.Description, (_, origin) => origin.CategoryDescription),
        (ListColumns.DateAdded, (_, origin) => origin.DateAdded),
        (ListColumns.Source, (_, origin) => origin.Source),
        (ListColumns.Notes, (_, origin) => origin.Notes),
    ];

    static readonly (string Name, Func<ListEntry, EntryOrigin, string> Value)[] Ours =
    [
        (ListColumns.Priority, (entry, _) => entry.Priority ? "yes" : ""),
        (ListColumns.Page, (entry, _) => entry.Page ? "yes" : ""),
        (ListColumns.Cadence, (entry, _) => ListInput.Cadence(entry.CadenceHours)),
    ];

    public static void Write(TextWriter text, ListDraft draft)
    {
        new ListTerms(draft.List.Licence, draft.List.Attribution).Write(text);
        var rows = draft.List.Entries.Select((entry, position) => (Entry: entry, Origin: draft.OriginOf(position))).ToList();
        // Ours stand only where something is said in them, so that a file of theirs stays one.
        var columns = Theirs.Concat(Ours.Where(column => rows.Exists(row => column.Value(row.Entry, row.Origin).Length > 0))).ToList();
        WriteRow(text, columns.Select(column => column.Name));
        foreach (var (entry, origin) in rows)
            WriteRow(text, columns.Select(column => column.Value(entry, origin)));
    }

    static void WriteRow(TextWriter text, IEnumerable<string> fields) => text.Write(string.Join(',', fields.Select(Field)) + "\n");

    static string Field(string value) =>
        value.AsSpan().IndexOfAny(",\"\r\n") < 0 ? value : $"\"{value.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
