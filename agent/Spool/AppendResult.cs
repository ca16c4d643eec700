namespace ProbeNet.Agent.Spool;

/// <summary>What became of bytes given to a file of records. Only <see cref="Appended"/> means that they are durable.</summary>
enum AppendResult
{
    Appended,

    /// <summary>Nothing was kept and nothing kept before was lost. It may be tried again.</summary>
    DiskFull,

    /// <summary>As <see cref="DiskFull"/>, for another reason: read-only, broken, gone.</summary>
    DiskFailed,
}

static class DiskErrors
{
    const int NoSpaceLeft = 28;
    const int QuotaExceeded = 122;
    const int WindowsDiskFull = unchecked((int)0x80070070);
    const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    public static AppendResult ResultOf(IOException error) =>
        error.HResult is NoSpaceLeft or QuotaExceeded or WindowsDiskFull or WindowsHandleDiskFull
            ? AppendResult.DiskFull
            : AppendResult.DiskFailed;
}
