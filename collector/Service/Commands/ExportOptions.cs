using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ProbeNet.Collector.Api;
using ProbeNet.Collector.Api.Exports;
using ProbeNet.Collector.Exchange;

namespace ProbeNet.Collector.Service.Commands;

/// <summary>What the exports of data have in common: which rows, in what form, to where.</summary>
sealed class ExportOptions
{
    readonly Option<string?> _cc = new("--cc") { Description = "Country code, as KH." };
    readonly Option<string?> _domain = new("--domain") { Description = "One site." };
    readonly Option<DateOnly?> _since = new("--since") { Description = "First UTC day. Default: seven days.", CustomParser = Day };
    readonly Option<DateOnly?> _until = new("--until") { Description = "The day after the last. Default: tomorrow.", CustomParser = Day };
    readonly Option<string> _format = new("--format") { Description = "csv, jsonl or parquet." };
    readonly Option<string?> _output = new("--output") { Description = "A file; a folder for parquet, where an export that was interrupted goes on. Default: standard output." };
    readonly Option<bool> _public = new("--public") { Description = "What everybody may see: whole days after the delay, enough volunteers, counts as classes." };

    readonly ExportKind _kind;

    public ExportOptions(Command command, ExportKind kind)
    {
        _kind = kind;
        _cc.Required = kind.NeedsCountry;
        _cc.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(token.Value.Length == 2 && token.Value.All(char.IsAsciiLetter)))
                result.AddError($"'{token.Value}' is no country code: --cc takes two letters, as KH.");
        });
        _format.DefaultValueFactory = _ => kind.Formats[0].Word();
        _format.AcceptOnlyFromAmong([.. kind.Formats.Select(format => format.Word())]);
        foreach (var option in new Option[] { _cc, _domain, _since, _until, _output })
            command.Add(option);
        if (kind.Formats.Count > 1)
            command.Add(_format);
        if (kind.IsPublishable)
            command.Add(_public);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_format) == ExportFormat.Parquet.Word() && result.GetValue(_output) is null)
                result.AddError("--format parquet needs --output FOLDER: it makes a file a day.");
        });
    }

    public Caller Caller(ParseResult parsed) => parsed.GetValue(_public) ? Api.Caller.Public : CellOutput.Operator;

    public Filter Filter(ParseResult parsed) => new()
    {
        Cc = parsed.GetValue(_cc)?.ToUpperInvariant(),
        Domain = parsed.GetValue(_domain),
        Since = Midnight(parsed.GetValue(_since)),
        Until = Midnight(parsed.GetValue(_until)),
        Limit = Api.Filter.MaximumLimit,
    };

    public ExportFormat Format(ParseResult parsed) => ExportFormats.TryParse(parsed.GetValue(_format), out var format) ? format : _kind.Formats[0];

    /// <summary>Filters besides the days, as they were given, by the names of the REST interface.</summary>
    public IReadOnlyDictionary<string, string> Given(ParseResult parsed) => new[] { ("cc", Filter(parsed).Cc), ("domain", Filter(parsed).Domain) }
        .Where(pair => pair.Item2 is not null).ToDictionary(pair => pair.Item1, pair => pair.Item2!, StringComparer.Ordinal);

    /// <exception cref="InvalidOperationException">The format is none of a folder.</exception>
    public string Folder(ParseResult parsed) => parsed.GetValue(_output) ?? throw new InvalidOperationException("--output");

    /// <summary>Gives the file or standard output to whoever writes.</summary>
    public async Task<long> WriteAsync(ParseResult parsed, Surroundings surroundings, Func<TextWriter, Task<long>> write)
    {
        await using var file = parsed.GetValue(_output) is { } path ? File.CreateText(path) : null;
        return await write(file ?? surroundings.Output);
    }

    static DateTimeOffset? Midnight(DateOnly? day) => day is { } on ? new(on.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null;

    static DateOnly? Day(ArgumentResult result)
    {
        if (DateOnly.TryParseExact(result.Tokens[0].Value, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return day;
        result.AddError($"'{result.Tokens[0].Value}' is no day as 2026-11-01.");
        return null;
    }
}
