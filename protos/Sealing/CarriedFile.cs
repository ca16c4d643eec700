using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using ProbeNet.Protos.V1;

namespace ProbeNet.Protos.Sealing;

/// <summary>
/// Measurements carried by hand: a magic line, then <see cref="CarriedBatch"/> messages, each with a varint length
/// before it. The line names no product: whoever finds the file learns nothing from it.
/// </summary>
public static class CarriedFile
{
    /// <summary>The first line, with its line end.</summary>
    public static ReadOnlySpan<byte> Magic => "spool 1\n"u8;

    public static void WriteHead(Stream output) => output.Write(Magic);

    public static void Write(Stream output, CarriedBatch batch) => batch.WriteDelimitedTo(output);

    /// <returns>False when the file is of another kind; the stream then stands behind its first bytes.</returns>
    public static bool TryReadHead(Stream input)
    {
        Span<byte> head = stackalloc byte[Magic.Length];
        return input.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.SequenceEqual(Magic);
    }

    /// <summary>The next batch. Does not throw on hostile input.</summary>
    /// <param name="isWhole">False when the file is cut or altered here: nothing behind can be read.</param>
    /// <returns>False at the end.</returns>
    public static bool TryRead(Stream input, [NotNullWhen(true)] out CarriedBatch? batch, out bool isWhole)
    {
        batch = null;
        isWhole = true;
        var first = input.ReadByte();
        if (first < 0)
            return false;
        try
        {
            batch = CarriedBatch.Parser.ParseDelimitedFrom(new Prepended((byte)first, input));
            return true;
        }
        catch (InvalidProtocolBufferException)
        {
            isWhole = false;
            return false;
        }
    }

    // A byte that was read to see whether there is one, and the rest.
    sealed class Prepended(byte first, Stream rest) : Stream
    {
        bool _isGiven;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (_isGiven || count == 0)
                return rest.Read(buffer, offset, count);
            _isGiven = true;
            buffer[offset] = first;
            return 1;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
