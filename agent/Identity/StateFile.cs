using Google.Protobuf;

namespace ProbeNet.Agent.Identity;

/// <summary>One message in the state directory, sealed. Commands beside a running service see each other's changes.</summary>
sealed class StateFile<T>(StateDirectory directory, StateKey key, string name, MessageParser<T> parser)
    where T : class, IMessage<T>
{
    readonly Lock _lock = new();
    (DateTime Written, long Length) _seen;
    T? _current;

    /// <summary>Null when nothing was saved yet. Not to be changed: save a clone.</summary>
    /// <exception cref="InvalidDataException">The file is damaged or was written under another state key.</exception>
    public T? Current
    {
        get
        {
            lock (_lock)
            {
                var file = new FileInfo(directory.PathOf(name));
                var seen = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
                if (seen != _seen)
                {
                    _current = Read();
                    _seen = seen;
                }
                return _current;
            }
        }
    }

    /// <exception cref="IOException">Nothing changed.</exception>
    public void Save(T value)
    {
        lock (_lock)
        {
            directory.Write(name, key.Seal(name, value.ToByteArray()));
            _current = value;
            var file = new FileInfo(directory.PathOf(name));
            _seen = (file.LastWriteTimeUtc, file.Length);
        }
    }

    T? Read()
    {
        if (directory.TryRead(name) is not { } bytes)
            return null;
        var plaintext = key.TryOpen(name, bytes)
            ?? throw new InvalidDataException($"{name} in the state directory is damaged, or was written under another state key.");
        return parser.ParseFrom(plaintext);
    }
}
