namespace ProbeNet.Collector.Exchange;

enum ExportFormat
{
    Csv,
    Jsonl,
    Parquet,
}

static class ExportFormats
{
    /// <summary>As requests name it and as its files end.</summary>
    public static string Word(this ExportFormat format) => format switch
    {
        ExportFormat.Csv => "csv",
        ExportFormat.Jsonl => "jsonl",
        _ => "parquet",
    };

    public static bool TryParse(string? word, out ExportFormat format)
    {
        foreach (var known in Enum.GetValues<ExportFormat>())
            if (known.Word() == word)
            {
                format = known;
                return true;
            }
        format = default;
        return false;
    }

    public static string MediaType(string file) => Path.GetExtension(file) switch
    {
        ".csv" => "text/csv; charset=utf-8",
        ".jsonl" => "application/jsonl",
        ".parquet" => "application/vnd.apache.parquet",
        ".gz" => "application/gzip",
        _ => "application/json",
    };
}
