using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using ProbeNet.Agent.Measurements;
using ProbeNet.Agent.Uplink;

namespace ProbeNet.Agent.Service;

/// <summary>One clear line for what can go wrong outside the program. Anything else is a bug and keeps its trace.</summary>
static partial class Failures
{
    /// <returns>Null for a bug.</returns>
    public static string? Describe(Exception e) => e switch
    {
        UnauthorizedAccessException => $"{e.Message.TrimEnd('.')}. The state belongs to another user: try sudo.",
        OptionsValidationException options => string.Join(' ', options.Failures),
        InvalidOperationException { InnerException: FormatException or ArgumentException or OverflowException } setting => Setting(setting.Message),
        // A settings file: where in it, and what.
        InvalidDataException { InnerException: FormatException { InnerException: JsonException json } } => $"{e.Message.TrimEnd('.')}: {json.Message}",
        CommandFailure or IOException or InvalidDataException => e.Message,
        _ => null,
    };

    // The configuration names a type of the program; people need to know what they can write.
    static string Setting(string message) => Unread().Match(message) is { Success: true } said
        ? $"{said.Groups["key"].Value} is '{said.Groups["value"].Value}': {Expected(said.Groups["type"].Value)}."
        : message;

    static string Expected(string type) => type[(type.LastIndexOf('.') + 1)..] switch
    {
        nameof(TimeSpan) => "a time is written as hh:mm:ss",
        nameof(Int32) or nameof(Int64) or nameof(UInt32) => "a whole number is expected",
        nameof(Double) => "a number is expected",
        nameof(SessionMode) => OneOf<SessionMode>(),
        nameof(ProbeUse) => OneOf<ProbeUse>(),
        _ => "it cannot be read",
    };

    static string OneOf<T>()
        where T : struct, Enum => $"one of {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()} is expected";

    [GeneratedRegex("'(?<value>.*)' at '(?<key>[^']+)' to type '(?<type>[^']+)'", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unread();
}

/// <summary>Ends a command with one line on standard error and exit code 1.</summary>
sealed class CommandFailure(string message) : Exception(message);
