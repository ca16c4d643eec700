using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Primitives;
using ProbeNet.Collector.Exchange;

namespace ProbeNet.Collector.Api.Exports;

/// <summary>What is asked for: kind, format, days and the filters of that kind, by the names and in the words of the REST interface.</summary>
/// <param name="Given">The filters besides the days.</param>
sealed record ExportRequest(ExportKind Kind, ExportFormat Format, Filter Filter, IReadOnlyDictionary<string, string> Given)
{
    static readonly string[] Days = ["since", "until"];

    /// <summary>Does not throw on hostile content.</summary>
    /// <returns>Null with a problem that names the first member at fault.</returns>
    public static async Task<(ExportRequest? Request, ProblemDetails? Problem)> ReadAsync(HttpRequest request, CancellationToken ct)
    {
        var (members, problem) = await JsonMembers.ReadAsync(request, ct);
        return members is null ? (null, problem) : (Of(members, out problem), problem);
    }

    /// <summary>A filter from the words of a job.</summary>
    public static Filter? FilterOf(IReadOnlyDictionary<string, string> given, ExportKind kind, out ProblemDetails? problem) =>
        FilterReader.TryRead(new QueryCollection(given.ToDictionary(member => member.Key, member => new StringValues(member.Value), StringComparer.Ordinal)), [.. kind.Parameters, .. Days], out problem);

    static ExportRequest? Of(Dictionary<string, string> members, out ProblemDetails? problem)
    {
        problem = null;
        if (members.Remove("kind", out var name) && ExportKind.Find(name) is { } kind)
        {
            var format = kind.Formats[0];
            if (members.Remove("format", out var word) && (!ExportFormats.TryParse(word, out format) || !kind.Formats.Contains(format)))
                problem = Problems.BadParameter("format", $"must be one of {string.Join(", ", kind.Formats.Select(known => known.Word()))}.");
            else if (kind.NeedsCountry && !members.ContainsKey("cc"))
                problem = Problems.BadParameter("cc", $"must be {FilterReader.Meaning("cc")}.");
            else if (FilterOf(members, kind, out problem) is { } filter)
                return new(kind, format, filter, members.Where(member => !Days.Contains(member.Key)).ToDictionary(StringComparer.Ordinal));
        }
        else
            problem = Problems.BadParameter("kind", $"must be one of {string.Join(", ", ExportKind.All.Select(known => known.Name))}.");
        return null;
    }
}
