using Microsoft.Extensions.Options;

namespace ProbeNet.Agent.Service;

/// <summary>One clear line for what can go wrong outside the program. Anything else is a bug and keeps its trace.</summary>
static class Failures
{
    /// <returns>Null for a bug.</returns>
    public static string? Describe(Exception e) => e switch
    {
        UnauthorizedAccessException => $"{e.Message.TrimEnd('.')}. The state belongs to another user: try sudo.",
        OptionsValidationException options => string.Join(' ', options.Failures),
        InvalidOperationException { InnerException: FormatException or ArgumentException or OverflowException } setting => setting.Message,
        CommandFailure or IOException or InvalidDataException => e.Message,
        _ => null,
    };
}

/// <summary>Ends a command with one line on standard error and exit code 1.</summary>
sealed class CommandFailure(string message) : Exception(message);
