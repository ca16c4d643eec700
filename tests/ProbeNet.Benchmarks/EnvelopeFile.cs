using Google.Protobuf;
using ProbeNet.Protos.V1;

namespace ProbeNet.Benchmarks;

/// <summary>Sealed batches on disk, each after the hash of its seal.</summary>
sealed class EnvelopeFile : IAsyncDisposable
{
    readonly FileStream _file = new(Path.Combine(Path.GetTempPath(), $"probenet-benchmark-{Guid.NewGuid():N}"), new FileStreamOptions
    {
        Mode = FileMode.CreateNew,
        Access = FileAccess.ReadWrite,
        BufferSize = 1 << 20,
        Options = FileOptions.DeleteOnClose,
    });

    public int Count { get; private set; }

    public long Length => _file.Length;

    public byte[] LastSealHash { get; private set; } = [];

    public List<int> Counts { get; } = [];

    public void Add(byte[] sealHash, Envelope envelope, int count)
    {
        _file.Write(sealHash);
        envelope.WriteDelimitedTo(_file);
        LastSealHash = sealHash;
        Counts.Add(count);
        Count++;
    }

    public IEnumerable<(ByteString SealHash, Envelope Envelope)> Read()
    {
        _file.Flush();
        _file.Position = 0;
        for (var n = 0; n < Count; n++)
        {
            var hash = new byte[32];
            _file.ReadExactly(hash);
            yield return (UnsafeByteOperations.UnsafeWrap(hash), Envelope.Parser.ParseDelimitedFrom(_file));
        }
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
