namespace ProbeNet.Agent.Identity;

/// <summary>Held by the one process that writes journal and spool. The system lets go of it when the process ends, however it ends.</summary>
sealed class StateLock : IDisposable
{
    readonly FileStream _file;

    /// <exception cref="IOException">Another process holds it.</exception>
    public StateLock(StateDirectory directory)
    {
        try
        {
            _file = new(directory.PathOf("lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error)
        {
            throw new IOException("Another agent is running on this state directory.", error);
        }
    }

    public void Dispose() => _file.Dispose();
}
