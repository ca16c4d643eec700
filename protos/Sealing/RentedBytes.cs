using System.Buffers;

namespace ProbeNet.Protos.Sealing;

/// <summary>Bytes in a rented array, overwritten before it goes back. Not for two threads.</summary>
sealed class RentedBytes(byte[] array, int length) : IMemoryOwner<byte>
{
    byte[]? _array = array;

    public Memory<byte> Memory => (_array ?? throw new ObjectDisposedException(nameof(RentedBytes))).AsMemory(0, length);

    public void Dispose()
    {
        if (_array is not { } array)
            return;
        _array = null;
        array.AsSpan(0, length).Clear();
        ArrayPool<byte>.Shared.Return(array);
    }
}
