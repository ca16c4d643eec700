namespace ProbeNet.Collector.Store.Writing;

/// <summary>
/// Reads the outermost fields of a protobuf message without copying or re-serialising: what is stored must be the bytes
/// that were hashed and signed.
/// </summary>
ref struct SealedSlices(ReadOnlySpan<byte> message)
{
    readonly ReadOnlySpan<byte> _message = message;
    int _position;

    /// <summary>The number of the field just read.</summary>
    public int Field { get; private set; }

    /// <summary>The content of the field just read, when it has a length; empty otherwise.</summary>
    public ReadOnlySpan<byte> Content { get; private set; }

    /// <summary>The value of the field just read, when it is a varint; 0 otherwise.</summary>
    public ulong Number { get; private set; }

    /// <summary>Where <see cref="Content"/> begins in the message.</summary>
    public int Offset { get; private set; }

    /// <returns>False at the end.</returns>
    /// <exception cref="PoisonException">The bytes are not protobuf.</exception>
    public bool Read()
    {
        if (_position == _message.Length)
            return false;
        var tag = Varint();
        Field = (int)(tag >> 3);
        Content = [];
        Number = 0;
        switch (tag & 7)
        {
            case 0:
                Number = Varint();
                break;
            case 1:
                Skip(8);
                break;
            case 2:
                var length = Varint();
                Offset = _position;
                Skip(length);
                Content = _message[Offset.._position];
                break;
            case 5:
                Skip(4);
                break;
            default:
                throw new PoisonException("malformed message");
        }
        return true;
    }

    void Skip(ulong length)
    {
        if (length > (ulong)(_message.Length - _position))
            throw new PoisonException("truncated message");
        _position += (int)length;
    }

    ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (_position == _message.Length)
                throw new PoisonException("truncated message");
            var part = _message[_position++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }
        throw new PoisonException("malformed message");
    }
}
