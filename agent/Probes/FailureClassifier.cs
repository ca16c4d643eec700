using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.RegularExpressions;
using ProbeNet.Protos;

namespace ProbeNet.Agent.Probes;

/// <summary>The one place where what the platform reports becomes a failure code (OONI df-007).</summary>
static partial class FailureClassifier
{
    const int LongestText = 80;

    public static string Of(SocketError error) => error switch
    {
        SocketError.Success => FailureCodes.None,
        SocketError.ConnectionRefused => FailureCodes.ConnectionRefused,
        SocketError.ConnectionReset => FailureCodes.ConnectionReset,
        // Linux says EPIPE when a reset has already been read.
        SocketError.Shutdown => FailureCodes.ConnectionReset,
        SocketError.ConnectionAborted => FailureCodes.ConnectionAborted,
        SocketError.HostUnreachable or SocketError.HostDown => FailureCodes.HostUnreachable,
        SocketError.NetworkUnreachable => FailureCodes.NetworkUnreachable,
        SocketError.NetworkDown => FailureCodes.NetworkDown,
        SocketError.NetworkReset => FailureCodes.NetworkReset,
        SocketError.NoBufferSpaceAvailable => FailureCodes.NoBufferSpace,
        SocketError.AccessDenied => FailureCodes.PermissionDenied,
        SocketError.TimedOut => FailureCodes.TimedOut,
        SocketError.Interrupted or SocketError.OperationAborted => FailureCodes.Interrupted,
        SocketError.AddressFamilyNotSupported or SocketError.AddressNotAvailable or SocketError.ProtocolFamilyNotSupported =>
            FailureCodes.AddressFamilyNotSupported,
        _ => Unknown(error.ToString()),
    };

    /// <summary>For what a stream or a request threw. The innermost socket error says most.</summary>
    public static string Of(Exception exception)
    {
        for (var inner = exception; inner is not null; inner = inner.InnerException)
        {
            if (inner is SocketException socket)
                return Of(socket.SocketErrorCode);
            if (inner is HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } or EndOfStreamException)
                return FailureCodes.EofError;
        }
        return exception switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } => FailureCodes.EofError,
            HttpRequestException or InvalidDataException or HttpIOException => FailureCodes.HttpRequestFailed,
            AuthenticationException => FailureCodes.SslHandshakeFailed,
            _ => Unknown(exception.GetType().Name),
        };
    }

    /// <summary>True for what a probe treats as the network's answer; anything else is a bug and passes through.</summary>
    public static bool IsNetworkFailure(Exception exception) =>
        exception is SocketException or IOException or HttpRequestException or AuthenticationException or InvalidDataException;

    /// <summary>A code for what has none: letters, digits below six in a row and blanks, so that no address stays.</summary>
    public static string Unknown(string text)
    {
        var scrubbed = AddressLike().Replace(text, "[scrubbed]");
        return FailureCodes.UnknownFailurePrefix + (scrubbed.Length <= LongestText ? scrubbed : scrubbed[..LongestText]);
    }

    [GeneratedRegex(@"[0-9]{6,}|[0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9A-Fa-f]{0,4}(:[0-9A-Fa-f]{0,4}){2,7}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex AddressLike();
}
