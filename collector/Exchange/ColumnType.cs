namespace ProbeNet.Collector.Exchange;

/// <summary>What a column of a <see cref="Table{T}"/> holds; null is always possible.</summary>
enum ColumnType
{
    /// <summary>Text, or an identifier.</summary>
    Text,

    /// <summary>Several texts; joined with semicolons in CSV.</summary>
    Texts,

    /// <summary>Int or long.</summary>
    Whole,

    /// <summary>Double.</summary>
    Number,

    Truth,

    /// <summary>UTC, to the second.</summary>
    Time,

    /// <summary>A whole number, or the name of a class where the exact one is not the reader's.</summary>
    Count,
}

static class ColumnTypes
{
    /// <summary>What a count is for a reader who may see exact ones, or who may not.</summary>
    public static ColumnType For(this ColumnType type, bool exact) => type != ColumnType.Count ? type : exact ? ColumnType.Whole : ColumnType.Text;

    public static string Word(this ColumnType type) => type.ToString().ToLowerInvariant();
}
