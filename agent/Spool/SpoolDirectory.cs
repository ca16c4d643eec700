namespace ProbeNet.Agent.Spool;

/// <summary>Where files of records lie: a directory on disk, or one that fails when a test wants it to.</summary>
interface ISpoolDirectory
{
    IReadOnlyList<string> List();

    /// <summary>Creates the file where it is missing; its name is durable on return.</summary>
    /// <exception cref="IOException">The file cannot be opened or made.</exception>
    ISpoolFile Open(string name);

    void Delete(string name);
}

/// <summary>All members throw <see cref="IOException"/> when the disk refuses.</summary>
interface ISpoolFile : IDisposable
{
    long Length { get; }

    /// <returns>Bytes read; fewer than asked only at the end.</returns>
    int Read(Span<byte> bytes, long offset);

    void Write(ReadOnlySpan<byte> bytes, long offset);

    void SetLength(long length);

    /// <summary>Returns when what was written is durable.</summary>
    void Flush();
}
