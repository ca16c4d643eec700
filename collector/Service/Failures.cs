using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Npgsql;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Service;

/// <summary>One clear line for what can go wrong outside the program. Anything else is a bug and keeps its trace.</summary>
static partial class Failures
{
    /// <returns>Null for a bug.</returns>
    public static string? Describe(Exception e) => e switch
    {
        IOException { InnerException: AddressInUseException } or AddressInUseException or IOException { InnerException: SocketException } =>
            $"cannot listen: {e.Message.TrimEnd('.')}. Stop the other program or set Kestrel__Endpoints__Agents__Url and Kestrel__Endpoints__Web__Url.",
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse or SocketError.AccessDenied or SocketError.AddressNotAvailable } =>
            $"cannot listen: {e.Message.TrimEnd('.')}. Set Kestrel__Endpoints__Agents__Url and Kestrel__Endpoints__Web__Url.",
        OptionsValidationException options => string.Join(' ', options.Failures),
        InvalidOperationException { InnerException: FormatException or ArgumentException or OverflowException } setting => Setting(setting.Message),
        // A settings file: where in it, and what.
        InvalidDataException { InnerException: FormatException { InnerException: JsonException json } } => $"{e.Message.TrimEnd('.')}: {json.Message}",
        CommandFailure or StoreUnavailableException or InvalidDataException or IOException or UnauthorizedAccessException => e.Message,
        PostgresException postgres => $"the store refused: {postgres.MessageText} ({postgres.SqlState})",
        NpgsqlException => $"the store cannot be reached: {e.Message.TrimEnd('.')}. See 'probenet-collector doctor'.",
        _ => null,
    };

    // The configuration names a type of the program; people need to know what they can write.
    static string Setting(string message) => Unread().Match(message) is { Success: true } said
        ? $"{said.Groups["key"].Value} is '{said.Groups["value"].Value}': {Expected(said.Groups["type"].Value)}."
        : message;

    static string Expected(string type) => type[(type.LastIndexOf('.') + 1)..] switch
    {
        nameof(TimeSpan) => "a time is written as hh:mm:ss",
        nameof(Int32) or nameof(Int64) or nameof(UInt16) => "a whole number is expected",
        _ => "it cannot be read",
    };

    [GeneratedRegex("'(?<value>.*)' at '(?<key>[^']+)' to type '(?<type>[^']+)'", RegexOptions.ExplicitCapture | RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Unread();
}

/// <summary>Ends a command with one line on standard error and exit code 1.</summary>
sealed class CommandFailure(string message) : Exception(message);
