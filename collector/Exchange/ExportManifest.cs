using System.Text.Encodings.Web;
using System.Text.Json;

namespace ProbeNet.Collector.Exchange;

/// <summary>What a set of files holds, beside them as manifest.json: a reader needs nothing else to know what he has.</summary>
/// <param name="Kind">"cells", "events", "rows" or "ooni".</param>
/// <param name="FileFormat">"csv", "jsonl" or "parquet".</param>
/// <param name="Audience">"public", or "analysts" for what has exact counts.</param>
/// <param name="SchemaVersion">Rises when a column goes or means something else.</param>
/// <param name="Attribution">Whom the licences of the data behind it want named.</param>
/// <param name="AsOf">Taken as now: what was measured later is left out.</param>
/// <param name="Filter">As it was asked for, by the names of the REST interface.</param>
/// <param name="Until">Not included.</param>
/// <param name="Partitions">One a UTC day, in order; those that are made.</param>
sealed record ExportManifest(
    string Format, string Kind, string FileFormat, string Audience, int SchemaVersion, IReadOnlyList<ManifestColumn> Columns, string Licence, IReadOnlyList<string> Attribution,
    DateTimeOffset AsOf, IReadOnlyDictionary<string, string> Filter, DateOnly Since, DateOnly Until, IReadOnlyList<ManifestFile> Partitions)
{
    public const string CurrentFormat = "probenet-export/1";

    /// <summary>How a manifest is written.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    public IEnumerable<DateOnly> Days => Enumerable.Range(0, Until.DayNumber - Since.DayNumber).Select(Since.AddDays);

    /// <summary>Asks for the same: the one may be continued as the other.</summary>
    public bool IsFor(ExportManifest other) =>
        Format == other.Format && (Kind, FileFormat) == (other.Kind, other.FileFormat) && Audience == other.Audience && SchemaVersion == other.SchemaVersion && (Since, Until) == (other.Since, other.Until)
        && Filter.Order().SequenceEqual(other.Filter.Order());
}

/// <param name="Type">"text", "texts", "whole", "number", "truth" or "time".</param>
sealed record ManifestColumn(string Name, string Type);

/// <param name="Sha256">Hexadecimal.</param>
sealed record ManifestFile(DateOnly Day, string Name, long Rows, long Bytes, string Sha256);
