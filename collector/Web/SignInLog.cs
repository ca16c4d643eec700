namespace ProbeNet.Collector.Web;

/// <summary>The library's own log is silent, for it may name readers' addresses; its reasons hold none.</summary>
static partial class SignInLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "A sign-in by the provider failed: {Reason}")]
    public static partial void Failed(ILogger logger, string reason);
}
