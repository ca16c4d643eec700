using System.Net.Sockets;

namespace ProbeNet.Agent.Probes.Tls;

/// <summary>
/// A socket's stream that remembers what the layers above lose: how many bytes came, whether the end was a FIN or an
/// error, and the first bytes, in which an alert may stand in clear.
/// </summary>
sealed class TapStream(Socket socket, TrafficMeter traffic) : Stream
{
    const int Remembered = 16 * 1024;

    readonly NetworkStream _network = new(socket, ownsSocket: true);
    readonly MemoryStream _head = new();

    public uint Received { get; private set; }

    public bool SawEnd { get; private set; }

    public SocketError Error { get; private set; }

    /// <summary>True when the peer spoke HTTP where TLS was due: a page put in by something in the path.</summary>
    public bool StartsLikeHttp => _head.GetBuffer().AsSpan(0, (int)_head.Length).StartsWith("HTTP/"u8);

    /// <summary>The description of the first alert among the records in clear (RFC 8446, 6); 0 when there is none.</summary>
    public uint Alert => TlsRecords.AlertIn(_head.GetBuffer().AsSpan(0, (int)_head.Length));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var read = await _network.ReadAsync(buffer, cancellationToken);
            if (read == 0 && buffer.Length > 0)
                SawEnd = true;
            Received += (uint)read;
            traffic.Stream(read);
            if (_head.Length < Remembered)
                _head.Write(buffer.Span[..read]);
            return read;
        }
        catch (IOException e) when (e.InnerException is SocketException inner)
        {
            Error = inner.SocketErrorCode;
            throw;
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            traffic.Stream(buffer.Length);
            await _network.WriteAsync(buffer, cancellationToken);
        }
        catch (IOException e) when (e.InnerException is SocketException inner)
        {
            Error = inner.SocketErrorCode;
            throw;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Flush()
    {
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // SslStream writes its last alert synchronously when it is disposed of.
    public override void Write(byte[] buffer, int offset, int count) => _network.Write(buffer, offset, count);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _network.Dispose();
        base.Dispose(disposing);
    }
}
