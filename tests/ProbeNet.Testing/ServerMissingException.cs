namespace ProbeNet.Testing;

/// <summary>
/// A real server that a test needs is not on this machine. xUnit reads the marker at the start of the message and shows the
/// test as skipped; where CI is set a missing server is a failure.
/// </summary>
public sealed class ServerMissingException(string what)
    : Exception((Environment.GetEnvironmentVariable("CI") is { Length: > 0 } ? "" : "$XunitDynamicSkip$") + what);
