using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using ProbeNet.Collector.Api;
using ProbeNet.Collector.Exchange;

namespace ProbeNet.Collector.Service.Commands;

/// <summary>What the exports of data have in common: which rows, in what form, to where.</summary>
sealed class ExportOptions
{
    readonly Option<string?> _cc = new("--cc") { Description = "Country code, as KH." };
    readonly Option<string?> _domain = new("--domain") { Description = "One site." };
    readonly Option<DateOnly?> _since = new("--since") { Description = "First UTC day. Default: seven days.", CustomParser = Day };
    readonly Option<DateOnly?> _until = new("--until") { Description = "The day after the last. Default: tomorrow.", CustomParser = Day };
    readonly Option<string> _format = new("--format") { Description = "csv or jsonl.", DefaultValueFactory = _ => "csv" };
    readonly Option<string?> _output = new("--output") { Description = "A file. Default: standard output." };
    readonly Option<bool> _public = new("--public") { Description = "What everybody may see: whole days after the delay, enough volunteers, counts as classes." };

    /// <param name="tabular">It has columns.</param>
    /// <param name="publishable">There is something in it that everybody may see.</param>
    public ExportOptions(Command command, bool needsCountry, bool tabular, bool publishable)
    {
        _cc.Required = needsCountry;
        _cc.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(token.Value.Length == 2 && token.Value.All(char.IsAsciiLetter)))
                result.AddError($"'{token.Value}' is no country code: --cc takes two letters, as KH.");
        });
        _format.AcceptOnlyFromAmong("csv", "jsonl");
        foreach (var option in new Option[] { _cc, _domain, _since, _until, _output })
            command.Add(option);
        if (tabular)
            command.Add(_format);
        if (publishable)
            command.Add(_public);
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

    /// <summary>Writes rows as they come.</summary>
    /// <returns>How many.</returns>
    public async Task<long> WriteAsync<T>(ParseResult parsed, Surroundings surroundings, Table<T> table, IAsyncEnumerable<T> rows, Action<long> written, CancellationToken ct)
    {
        var csv = parsed.GetValue(_format) == "csv";
        return await WriteAsync(parsed, surroundings, rows, written, head: output =>
        {
            if (csv)
                table.WriteCsvHead(output);
        }, csv ? table.WriteCsv : table.WriteJson, ct);
    }

    /// <inheritdoc cref="WriteAsync{T}(ParseResult, Surroundings, Table{T}, IAsyncEnumerable{T}, Action{long}, CancellationToken)"/>
    public async Task<long> WriteAsync<T>(
        ParseResult parsed, Surroundings surroundings, IAsyncEnumerable<T> rows, Action<long> written, Action<TextWriter> head, Action<TextWriter, T> write, CancellationToken ct)
    {
        await using var file = parsed.GetValue(_output) is { } path ? File.CreateText(path) : null;
        var output = file ?? surroundings.Output;
        head(output);
        var count = 0L;
        await foreach (var row in rows.WithCancellation(ct))
        {
            write(output, row);
            written(++count);
        }
        return count;
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
