using System.CommandLine;
using System.CommandLine.Parsing;

namespace ProbeNet.Agent.Service.Commands;

/// <summary>The option --since, alike wherever it stands.</summary>
static class SinceOption
{
    public static void Validate(CommandResult result, Option<string?> since, Surroundings surroundings)
    {
        if (result.GetValue(since) is { } text && !Durations.TryParseSince(text, surroundings.Time.GetUtcNow(), out _))
            result.AddError($"'{text}' is neither a day, nor a time, nor a span: 2026-11-20, 3d.");
    }

    /// <returns>Null when it was not given.</returns>
    public static DateTimeOffset? Read(ParseResult parsed, Option<string?> since, Surroundings surroundings) =>
        parsed.GetValue(since) is { } text && Durations.TryParseSince(text, surroundings.Time.GetUtcNow(), out var time) ? time : null;
}
