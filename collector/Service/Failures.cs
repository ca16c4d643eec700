using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using Npgsql;
using ProbeNet.Collector.Store;

namespace ProbeNet.Collector.Service;

/// <summary>One clear line for what can go wrong outside the program. Anything else is a bug and keeps its trace.</summary>
static class Failures
{
    /// <returns>Null for a bug.</returns>
    public static string? Describe(Exception e) => e switch
    {
        IOException { InnerException: AddressInUseException } or AddressInUseException or IOException { InnerException: SocketException } =>
            $"cannot listen: {e.Message.TrimEnd('.')}. Stop the other program or set Kestrel__Endpoints__Agents__Url and Kestrel__Endpoints__Web__Url.",
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse or SocketError.AccessDenied or SocketError.AddressNotAvailable } =>
            $"cannot listen: {e.Message.TrimEnd('.')}. Set Kestrel__Endpoints__Agents__Url and Kestrel__Endpoints__Web__Url.",
        OptionsValidationException options => string.Join(' ', options.Failures),
        InvalidOperationException { InnerException: FormatException or ArgumentException or OverflowException } setting => setting.Message,
        CommandFailure or StoreUnavailableException or InvalidDataException or IOException or UnauthorizedAccessException => e.Message,
        PostgresException postgres => $"the store refused: {postgres.MessageText} ({postgres.SqlState})",
        NpgsqlException => $"the store cannot be reached: {e.Message.TrimEnd('.')}. See 'probenet-collector doctor'.",
        _ => null,
    };
}

/// <summary>Ends a command with one line on standard error and exit code 1.</summary>
sealed class CommandFailure(string message) : Exception(message);
